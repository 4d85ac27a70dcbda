import { printableName, visible } from '../../shared/domain/printable.ts'
import { parseResourceId } from '../../shared/domain/resource-id.ts'
import {
  type ApprovalFinding,
  type ApprovalStanding,
  approvalStandings,
  unsupportedStandings,
} from '../../shared/what-if/approvals.ts'
import type { Colour, Io } from '../terminal/io.ts'
import { counted, shortly } from '../terminal/words.ts'
import { wrapped } from '../terminal/wrap.ts'

export interface ApprovalsView {
  readonly findings: readonly ApprovalFinding[]
  readonly notShown: readonly string[]
  /** Why there may be more. */
  readonly gaps: readonly string[]
  /** Known limits of the result. */
  readonly remarks: readonly string[]
}

const titles: Readonly<Record<ApprovalStanding, readonly [title: string, colour: Colour]>> = {
  unsupported: ['No rule of today supports', 'red'],
  'past-end': ['Past their end', 'red'],
  uncertain: ['Cannot be said of', 'yellow'],
  outside: ['Approved outside this app', 'yellow'],
  supported: ['Supported by a rule of today', 'green'],
}

/** Approvals by standing, each unsupported one with the command that would end it. */
export function approvalsText({ findings }: ApprovalsView, io: Io): string {
  const byStanding = Map.groupBy(findings, ({ standing }) => standing)
  const blocks = approvalStandings.flatMap((standing) => {
    const found = byStanding.get(standing) ?? []
    if (found.length === 0) return []
    const [title, colour] = titles[standing]
    const head = io.coloured(`${title}: ${counted(found.length, 'approval')}`, colour)
    return [[head, ...found.flatMap((finding) => linesOf(finding, io.width))].join('\n')]
  })
  return blocks.length === 0 ? 'Nothing is Approved that this list is about.' : blocks.join('\n\n')
}

function linesOf(finding: ApprovalFinding, width: number): readonly string[] {
  const { targetId, endpointId, groupIds = [], seenIn, approvedAt, endsAt, supportedBy, why } = finding
  const groups = groupIds.length === 0 ? '' : ` (${groupIds.map(printableName).join(', ')})`
  const times = [
    approvedAt && `approved ${shortly(approvedAt)}`,
    endsAt && `ends ${shortly(endsAt)}`,
    seenIn === 'ledger' && 'by the ledger only; Azure was not asked',
  ].filter(Boolean)
  const head = `  ${nameOf(targetId)}${groups} from ${nameOf(endpointId)}${times.length > 0 ? `, ${times.join(', ')}` : ''}`
  if (finding.standing === 'supported') return [`${head}, ${supportedBy ?? ''}`]
  const reason = wrapped(visible(why), Math.max(40, width - 6)).map((line) => `      ${line}`)
  return [head, ...reason, ...(isToBeEnded(finding) ? [`      ${endCommand(finding)}`] : [])]
}

function isToBeEnded({ standing }: ApprovalFinding): boolean {
  return unsupportedStandings.includes(standing)
}

/** The shell command that ends an approval; the reader runs it. */
export function endCommand({ connectionId }: ApprovalFinding): string {
  return `az network private-endpoint-connection reject --id ${quotedForShell(connectionId)} --description 'No rule of the allow-list supports it.'`
}

/** Any text, quoted as one word for a POSIX shell. */
export function quotedForShell(text: string): string {
  return `'${visible(text).replaceAll("'", String.raw`'\''`)}'`
}

export function approvalsNotes({ gaps, remarks, notShown }: ApprovalsView, io: Io): readonly string[] {
  const gone = `${counted(notShown.length, 'approval')} of this app not shown by Resource Graph any more: decided otherwise since, removed, or not seen by it yet.`
  return [
    ...(notShown.length > 0 ? [gone, ...notShown.map((id) => `  ${visible(id)}`)] : []),
    ...remarks.map((text) => `${visible(text)} What this app approved there is taken from its ledger.`),
    ...(gaps.length > 0 ? [io.coloured('There may be more:', 'yellow'), ...gaps.map(visible)] : []),
  ]
}

export function approvalsJson({ findings, notShown, gaps, remarks }: ApprovalsView): string {
  const plain = (finding: ApprovalFinding): object => ({
    ...finding,
    ...(isToBeEnded(finding) && { endCommand: endCommand(finding) }),
  })
  return JSON.stringify({ approvals: findings.map(plain), notShown, remarks, gaps })
}

function nameOf(id: string | undefined): string {
  const name = parseResourceId(id)?.name
  return name === undefined ? 'an endpoint not shown' : printableName(name)
}
