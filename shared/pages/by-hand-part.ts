import { html, raw } from 'hono/html'
import type { Html } from '../http/page.ts'
import type { ByHand, InAzure } from '../private-link/resource-types/by-hand.ts'
import { idText } from './parts.ts'
import { maxSentence, shown } from './shown.ts'

const maxCommand = 4 * maxSentence

/** How to decide with Azure's own means. */
export function byHandPart({ portalLink, commands }: InAzure, isConnection: boolean): Html {
  return html`<details class="card" ${isConnection ? '' : raw('open')}>
    <summary><h2 id="by-hand">${isConnection ? 'Decide in Azure instead' : 'Look in Azure'}</h2></summary>
    ${
      isConnection
        ? html`<p>For when this app cannot: you need a role on the target that may approve connections.</p>
            ${commands === undefined ? withoutCommands : commandList(commands)}`
        : ''
    }
    <p class="actions">
      <a class="button" href="${portalLink}" rel="noreferrer">Open the target in the Azure portal</a>
    </p>
    <p class="quiet">In the portal: Networking, then Private endpoint connections.</p>
  </details>`
}

const withoutCommands = html`<p>No command is known for this type of target.</p>`

function commandList({ approve, reject, verb, path, description }: ByHand): Html {
  return html`<h3>To approve</h3>
    <pre tabindex="0" aria-label="Command to approve"><code>${commandShown(approve)}</code></pre>
    <p>
      Azure then gets <code>${verb}</code> on <code>${idText(shown(path, maxSentence))}</code>, which sets the
      status to
      Approved${description === undefined ? ' and keeps no description' : ` with the description "${description}"`}.
      The requester can use the target at once.
    </p>
    <h3>To reject</h3>
    <pre tabindex="0" aria-label="Command to reject"><code>${commandShown(reject)}</code></pre>
    <p class="quiet">For Azure Cloud Shell and other shells like Bash.</p>`
}

/** Half of a command does something else, or nothing. */
function commandShown(command: string): string {
  return command.length > maxCommand ? 'too long for this page' : shown(command, maxCommand)
}
