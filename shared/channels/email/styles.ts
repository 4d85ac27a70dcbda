const font = "font-family:'Segoe UI',-apple-system,Roboto,Helvetica,Arial,sans-serif;"
const ink = 'color:#1b1b1f;'
const faint = 'color:#5a5a66;'
const wrap = 'word-break:break-word;overflow-wrap:anywhere;'

/** Inline styles: Outlook reads no others. */
export const styles = {
  page: `margin:0;padding:16px 8px;background-color:#f2f2f5;${font}`,
  preheader:
    'display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;mso-hide:all;',
  sheet: 'max-width:640px;margin:0 auto;background-color:#ffffff;border:1px solid #d5d5dc;',
  banner: `${font}padding:12px 20px;font-size:15px;line-height:22px;font-weight:600;`,
  urgent: 'background-color:#a4161a;color:#ffffff;',
  open: 'background-color:#0b4f9e;color:#ffffff;',
  closed: 'background-color:#1e6b3a;color:#ffffff;',
  content: `${font}${wrap}padding:20px;`,
  h1: `${font}${ink}margin:0 0 8px;font-size:21px;line-height:28px;font-weight:600;`,
  h2: `${font}${ink}margin:20px 0 6px;font-size:16px;line-height:22px;font-weight:600;`,
  h3: `${font}${faint}margin:10px 0 2px;font-size:12px;line-height:17px;font-weight:600;`,
  rule: 'border-top:1px solid #d5d5dc;padding-top:14px;',
  ask: `${font}${ink}margin:0 0 4px;font-size:15px;line-height:22px;font-weight:600;`,
  p: `${font}${ink}margin:0 0 10px;font-size:15px;line-height:22px;`,
  facts: 'width:100%;margin:4px 0 8px;border-collapse:collapse;',
  th: `${font}${faint}width:120px;padding:5px 12px 5px 0;font-size:14px;line-height:20px;font-weight:600;text-align:left;vertical-align:top;`,
  td: `${font}${ink}${wrap}padding:5px 0;font-size:15px;line-height:21px;text-align:left;vertical-align:top;`,
  risk: 'color:#a4161a;font-weight:600;',
  smallTh: `${font}${faint}width:120px;padding:2px 12px 2px 0;font-size:12px;line-height:17px;font-weight:400;text-align:left;vertical-align:top;`,
  smallTd: `${font}${faint}${wrap}padding:2px 0;font-size:12px;line-height:17px;text-align:left;vertical-align:top;`,
  code: `${faint}font-family:Consolas,'SF Mono',Menlo,monospace;font-size:12px;line-height:17px;word-break:break-all;`,
  buttons: 'margin:16px 0 8px;',
  button: 'background-color:#0b4f9e;border-radius:4px;',
  buttonLink: `${font}display:inline-block;padding:12px 24px;font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;`,
  link: 'color:#0b4f9e;text-decoration:underline;',
  footer: `${font}${faint}margin:24px 0 0;font-size:12px;line-height:17px;`,
} as const

/** What cannot be inline: dark mode, and narrow screens. Colours of the banner and the button serve both modes. */
export const darkStyles = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
  .cell { display: block !important; width: auto !important; padding: 1px 0 !important; }
  td.cell { padding-bottom: 8px !important; }
}
@media (prefers-color-scheme: dark) {
  .page { background-color: #16161a !important; }
  .sheet { background-color: #232329 !important; border-color: #44444e !important; }
  .text { color: #f1f1f4 !important; }
  .faint { color: #b9b9c4 !important; }
  h2.faint { border-color: #44444e !important; }
  .risk { color: #ff9a94 !important; }
  .link { color: #8fc1ff !important; }
}
`

/** Outlook for Windows knows no max-width. */
export const outlookWidth = {
  begin:
    '<!--[if mso]><table role="presentation" width="640" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->',
  end: '<!--[if mso]></td></tr></table><![endif]-->',
} as const
