import { printable } from '../../shared/domain/printable.ts'
import { isGuid } from '../../shared/domain/resource-id.ts'
import { currentList } from '../allow-list/current-list.ts'
import { counted } from '../terminal/words.ts'
import { type CheckRun, fail, type Outcome, pass } from './check.ts'

/** The most that one call of Microsoft Graph takes. */
const maxIds = 1_000

/** Whether rules name their approvers by object id. The app has no way to find out whether they still exist. */
export const checkApprovers: CheckRun = async ({ run }, signal) => {
  const { rules } = await currentList(run.connected, signal)
  const named = rules.flatMap(({ id, approvers }) => approvers.map((approver) => ({ rule: id, approver })))
  const ids = [...new Set(named.map(({ approver }) => approver.toLowerCase()).filter(isGuid))]
  const wrong = named.filter(({ approver }) => !isGuid(approver))
  return [
    ...wrong.map(({ rule, approver }) =>
      fail(
        `The approver "${printable(approver)}" is no object id: a name can be given to somebody else.`,
        `az ad user show --id '${printable(approver).replace(/[^\w@.+-]/g, '')}' --query id`,
        printable(rule),
      ),
    ),
    ...(wrong.length > 0 ? [] : [pass(spoken(ids.length))]),
    ...(ids.length > 0 ? [notChecked(ids)] : []),
  ]
}

function spoken(count: number): string {
  return count === 0 ? 'No rule names approvers.' : `Rules name ${counted(count, 'approver')}, by object id.`
}

function notChecked(ids: readonly string[]): Outcome {
  const body = JSON.stringify({ ids: ids.slice(0, maxIds), types: ['user', 'group'] })
  return {
    level: 'skipped',
    found:
      'Whether they still exist is not checked: the permission of the app (GroupMember.Read.All) does not let it read users. Ids that the command does not print do not exist.',
    fix: `az rest --method post --url https://graph.microsoft.com/v1.0/directoryObjects/getByIds --body '${body}' --query 'value[].[id,displayName]'`,
  }
}
