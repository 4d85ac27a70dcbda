import { createHash } from 'node:crypto'
import { routes } from './routes.ts'

/** The one stylesheet, light and dark. Contrast of text is at least 4.5:1, of controls 3:1, in both. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --back: #f6f7f9; --card: #ffffff; --text: #1b1f24; --quiet: #57606a; --line: #8c959f;
  --accent: #0b5cad; --on-accent: #ffffff; --focus: #0b5cad;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0f1216; --card: #181c22; --text: #e8ebef; --quiet: #a7b0ba; --line: #6e7781;
    --accent: #7ab7ff; --on-accent: #0b1a2b; --focus: #a9d1ff;
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
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem; }
`

const version = createHash('sha256').update(stylesheet).digest('hex').slice(0, 12)

/** Its address changes with its text, so that browsers may keep it. */
export const stylesheetAddress = `/${routes.stylesheet.route}?v=${version}`
