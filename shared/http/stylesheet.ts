import { createHash } from 'node:crypto'
import { routes } from './routes.ts'

/** The one stylesheet, light and dark. Contrast of text is at least 4.5:1, of controls 3:1, in both. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --back: #f6f7f9; --card: #ffffff; --text: #1b1f24; --quiet: #57606a; --line: #8c959f;
  --accent: #0b5cad; --on-accent: #ffffff; --focus: #0b5cad;
  --good: #1a6b34; --bad: #b3261e; --unsure: #7a5200; --soft: #eef1f4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0f1216; --card: #181c22; --text: #e8ebef; --quiet: #a7b0ba; --line: #6e7781;
    --accent: #7ab7ff; --on-accent: #0b1a2b; --focus: #a9d1ff;
    --good: #6fd08c; --bad: #ff9a92; --unsure: #f0c060; --soft: #222831;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--back); color: var(--text);
  font: 1rem/1.55 system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; overflow-wrap: anywhere;
}
header {
  display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; justify-content: space-between;
  padding: .75rem 1.25rem; background: var(--card); border-bottom: 1px solid var(--line);
}
.name { font-weight: 600; }
.who { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 0; color: var(--quiet); }
main { max-width: 46rem; margin: 2rem auto; padding: 0 1.25rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
a { color: var(--accent); text-underline-offset: .15em; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1.25rem; }
.quiet { color: var(--quiet); }
code { font: .9em ui-monospace, Consolas, Menlo, monospace; }
dl { display: grid; grid-template-columns: minmax(7rem, auto) 1fr; gap: .4rem 1.25rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
button, .button {
  display: inline-block; min-height: 2.75rem; padding: .55rem 1.1rem; border-radius: .4rem; cursor: pointer;
  border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent);
  font: inherit; font-weight: 600; text-decoration: none;
}
button.plain, .button.plain { background: transparent; color: var(--accent); }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
main:focus { outline: none; }
main.wide { max-width: 78rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .4rem; }
.name { color: inherit; text-decoration: none; }
.name:hover { text-decoration: underline; }
.columns { display: grid; gap: 1rem; margin-top: 1rem; align-items: start; }
.columns > div { display: grid; gap: 1rem; min-width: 0; }
@media (min-width: 62rem) { .columns { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } }
.card > :first-child, .standing > h2 { margin-top: 0; }
.card > :last-child, .standing > :last-child { margin-bottom: 0; }
.standing {
  background: var(--card); border: 1px solid var(--line); border-left: .4rem solid var(--line);
  border-radius: .5rem; padding: 1rem 1.25rem;
}
.standing.waiting { border-left-color: var(--accent); }
.standing.changed, .standing.earlier, .standing.under-way { border-left-color: var(--unsure); }
.standing.approved { border-left-color: var(--good); }
.standing.rejected { border-left-color: var(--bad); }
.standing p { margin: .35rem 0; }
.risk { border-color: var(--bad); border-left-width: .4rem; }
.risk h2 { color: var(--bad); }
.card ul { margin: .4rem 0; padding-left: 1.25rem; }
.card li { margin: .3rem 0; }
.big { font-size: 1.15rem; }
.sign { font-weight: 600; white-space: nowrap; }
.sign.yes { color: var(--good); }
.sign.no { color: var(--bad); }
.sign.unknown { color: var(--unsure); }
.card ul.tree, ul.lines, .card ul.lines, .tree ul { list-style: none; padding-left: 0; }
.tree ul { margin-left: .45rem; padding-left: 1rem; border-left: 2px solid var(--line); }
.pair { grid-template-columns: 5rem 1fr; gap: 0 .75rem; }
@media (max-width: 30rem) { .pair { grid-template-columns: 5rem 1fr; } .pair dd { margin: 0; } }
blockquote {
  margin: 0; padding: .6rem 1rem; background: var(--soft); border-left: .25rem solid var(--line);
  border-radius: .25rem; overflow: clip;
}
pre {
  margin: .4rem 0; padding: .75rem 1rem; background: var(--soft); border-radius: .35rem;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.table { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; margin-top: 1rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: 1rem 1.25rem .5rem; font-weight: 600; }
th, td { text-align: left; vertical-align: top; padding: .6rem 1.25rem; border-top: 1px solid var(--line); font-weight: 400; overflow-wrap: break-word; }
thead th { color: var(--quiet); }
@media (max-width: 48rem) {
  thead { position: absolute; left: -100rem; }
  tr { display: block; border-top: 1px solid var(--line); padding: .5rem 0; }
  th, td { display: block; border: 0; padding: .25rem 1.25rem; }
  td::before { content: attr(data-label) ": "; color: var(--quiet); }
}
label { display: block; font-weight: 600; margin: .75rem 0 .3rem; }
textarea, input:not([type=hidden]) {
  display: block; width: 100%; padding: .5rem .65rem; border: 1px solid var(--line); border-radius: .35rem;
  background: var(--back); color: var(--text); font: inherit;
}
.standing + .standing { margin-top: 1rem; }
.steps { display: grid; gap: 1rem; margin: 0; }
.standing + .steps { margin-top: 1rem; }
.fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 0 1.25rem; }
.rule dd { white-space: pre-line; }
.standing .actions { margin-top: 1rem; }
.choices { grid-template-columns: 1fr; gap: .4rem; margin-top: 1rem; }
.choices button { min-width: 15rem; }
.choices dd { margin-bottom: .9rem; }
.approve { background: var(--good); border-color: var(--good); color: var(--card); }
button.approve.plain { background: transparent; color: var(--good); }
.reject { background: transparent; border-color: var(--bad); color: var(--bad); }
.below { margin-top: 1rem; }
.standing.job { border-left-color: var(--quiet); margin-top: 1rem; }
.choose { display: flex; gap: .65rem; align-items: flex-start; }
.choose label { margin: 0; font-weight: 600; cursor: pointer; padding: .15rem 0; }
.choose input { flex: none; width: 1.5rem; height: 1.5rem; margin: .1rem 0 0; accent-color: var(--accent); cursor: pointer; }
.details { display: block; width: fit-content; padding: .15rem 0; }
.choose ~ .details { margin-left: 2.15rem; }
@media (min-width: 62rem) { tbody th { min-width: 19rem; } }
.none-of-them { margin: 0; padding: .6rem 1.25rem; border-top: 1px solid var(--line); }
summary { cursor: pointer; }
summary h2 { display: inline; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem; }
`

const version = createHash('sha256').update(stylesheet).digest('hex').slice(0, 12)

/** Its address changes with its text, so that browsers may keep it. */
export const stylesheetAddress = `/${routes.stylesheet.route}?v=${version}`
