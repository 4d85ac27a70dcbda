import { html, raw } from 'hono/html'
import { maxReasonLength } from '../domain/choice.ts'
import type { Html } from '../http/page.ts'

/** The field in which people say why, with what becomes of it. `label` is "Reason", and whether one is required. */
export function reasonField(
  {
    label,
    help,
    isRequired,
  }: { readonly label: string; readonly help: string; readonly isRequired: boolean },
  reason: string,
): Html {
  return html`<label for="why">${label}</label>
    <textarea
      id="why"
      name="reason"
      rows="3"
      maxlength="${maxReasonLength}"
      aria-describedby="why-help"
      ${isRequired ? raw('required') : ''}
    >
${reason}</textarea>
    <p class="quiet" id="why-help">${help}</p>`
}
