import { z } from 'zod'
import { notText } from '../../domain/printable.ts'
import type { RuleContent } from '../../domain/rule.ts'
import { isNamePattern } from '../../domain/scope.ts'
import type { Field } from './field.ts'
import { schemasOf } from './form.ts'
import { requesterSchema, targetSchema } from './scopes.ts'
import { duration, flag, line, list, tags, time, together, visibleText, wholeNumber } from './values.ts'

const maxEndpointName = 200
const maxJustification = 1000
const objectId = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/
/** Earlier versions took sign-in names. */
const objectIdOrName = new RegExp(
  `${objectId.source}|^[A-Za-z0-9'._!#^~+-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$`,
)

/** The fields of a rule, one row for each, in the order in which they are written. */
const table = {
  id: {
    kind: 'text',
    schema: z.string().regex(/^[A-Za-z0-9._-]{1,100}$/),
    expected: 'the id of the rule: 1 to 100 of A-Z, a-z, 0-9, dot, underscore and hyphen',
    purpose: 'What the log calls the rule. No other rule may have it, not even in other case.',
    examples: ['sales-to-lake'],
  },
  effect: {
    kind: 'text',
    schema: z.enum(['allow', 'ask', 'deny']),
    expected: 'allow, ask or deny',
    purpose:
      'What the rule does with a request that it matches: approve it, leave it to manual review, or reject it.',
  },
  mode: {
    kind: 'text',
    schema: z.enum(['enforce', 'audit']).exactOptional(),
    expected: 'enforce or audit (or left out for enforce)',
    purpose: 'In audit, the log says what the rule would have done, and nothing else happens.',
  },
  target: {
    kind: 'text',
    schema: targetSchema,
    expected:
      '/subscriptions/{guid}, /subscriptions/{guid}/resourceGroups/{name} or the full id of a resource,' +
      ' with * only inside the name of a group or resource,' +
      ' or /providers/Microsoft.Management/managementGroups/{name}',
    purpose: 'What is connected to, and everything under it.',
    examples: ['/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake'],
  },
  targetTypes: {
    ...list(/^[A-Za-z0-9]+(\.[A-Za-z0-9]+)+(\/[A-Za-z0-9]+)+$/),
    expected: `a list of resource types, such as Microsoft.Storage/storageAccounts, ${together}`,
    expectedInColumn: `resource types separated by commas, such as Microsoft.Storage/storageAccounts, ${together}`,
    purpose: 'Only targets of these types. Left out: every type.',
    examples: [['Microsoft.Storage/storageAccounts']],
  },
  targetTags: {
    ...tags,
    purpose: 'Tags that the target must carry, all of them. Left out: whatever tags it has.',
    examples: [{ environment: 'prod' }],
  },
  groupIds: {
    ...list(/^[A-Za-z0-9._-]{1,80}$/),
    expected: `a list of group ids, such as blob, dfs, without *, ${together}`,
    expectedInColumn: `group ids separated by commas, such as blob, dfs, without *, ${together}`,
    purpose: 'Only these groups (sub-resources). Left out: every group.',
    examples: [['blob', 'dfs']],
  },
  requester: {
    kind: 'text',
    schema: requesterSchema,
    expected:
      'the full id of a data factory, Synapse workspace, Purview account, Data Explorer cluster, Grafana, AI Search' +
      ' service, Front Door profile or private endpoint, /fabric/workspaces/{guid},' +
      ' /databricks/accounts/{guid}/networkConnectivityConfigs/{guid}, a scope such as /subscriptions/{guid} or' +
      ' /subscriptions/{guid}/resourceGroups/{name}, /providers/Microsoft.Management/managementGroups/{name},' +
      ' or /tenants/{guid}',
    purpose: 'Whose requests. Left out: anybody, which only ask and deny may say.',
    examples: [
      '/subscriptions/0a5e6f10-2222-4a6b-8c2d-a4a191c50002/resourceGroups/rg-analytics/providers/Microsoft.DataFactory/factories/adf-sales',
    ],
  },
  endpointName: {
    kind: 'text',
    schema: visibleText().min(1).max(maxEndpointName).refine(isNamePattern).exactOptional(),
    expected: `one name of at most ${maxEndpointName} characters, in which * stands for any run of characters`,
    purpose:
      'Only endpoints that are called so on the target; a managed endpoint is called {requester}.{name}.',
    examples: ['adf-sales.*'],
  },
  proof: {
    kind: 'text',
    schema: z.enum(['confirmed', 'platform']).exactOptional(),
    expected: 'confirmed or platform (or left out for confirmed)',
    purpose: 'the least proof of the requester.',
    onlyFor: { variant: 'allow', does: 'asks for proof' },
  },
  maxConnections: {
    ...wholeNumber(1000),
    purpose: 'the most connections the requester may have on one target, the new one included.',
    examples: [2],
    onlyFor: { variant: 'allow', does: 'counts connections' },
  },
  validFrom: { ...time, purpose: 'The rule counts from then on.', examples: ['2027-01-31'] },
  validUntil: {
    ...time,
    purpose: 'At that moment the rule no longer counts.',
    examples: ['2027-12-31', '2027-12-31T08:00:00Z'],
  },
  approvalEndsAfter: {
    ...duration(3650, 'P90D'),
    purpose: 'how long an approval is meant to last.',
    onlyFor: { variant: 'allow', does: 'approves for a time' },
  },
  approvers: {
    ...list(objectId),
    inRow: list(objectIdOrName).schema,
    mistakes: [
      {
        form: /@/,
        advice:
          'sign-in names change and are given away again, so write the object id that az ad user show --id NAME --query id prints' +
          ' (of a group: az ad group show --group NAME --query id)',
      },
    ],
    expected: `a list of object ids (GUIDs) of users or groups, ${together}`,
    expectedInColumn: `object ids (GUIDs) of users or groups separated by commas, ${together}`,
    purpose: 'who may decide: users, and members of groups. Left out: every approver.',
    examples: [['6f9d0c1e-2b3a-4c5d-8e7f-0a1b2c3d4e5f']],
    onlyFor: { variant: 'ask', does: 'names approvers' },
  },
  requiredApprovals: {
    kind: 'number',
    schema: wholeNumber(10).schema.meta({ default: 1 }),
    expected: `${wholeNumber(10).expected} (or left out for 1)`,
    purpose: 'how many people have to approve.',
    examples: [2],
    onlyFor: { variant: 'ask', does: 'counts approvals' },
  },
  reasonRequired: {
    ...flag,
    expected: 'true or false (or left out for false)',
    purpose: 'whether a person who decides must write a reason.',
    examples: [true],
    onlyFor: { variant: 'ask', does: 'requires a reason' },
  },
  expiresAfter: {
    ...duration(60, 'P14D'),
    purpose: 'how long the question stays open. Left out: as long as the app is set to keep questions open.',
    onlyFor: { variant: 'ask', does: 'waits for people' },
  },
  atExpiry: {
    kind: 'text',
    schema: z.enum(['stay-pending', 'reject']).exactOptional(),
    expected: 'stay-pending or reject (or left out for stay-pending)',
    purpose: 'what becomes of the request when nobody has decided by then.',
    onlyFor: { variant: 'ask', does: 'waits for people' },
  },
  owner: { ...line, purpose: 'Whom to ask about the rule.', examples: ['data-platform@contoso.example'] },
  justification: {
    kind: 'text',
    schema: z
      .string()
      .min(1)
      .max(maxJustification)
      .regex(new RegExp(`^(?:[\\t\\n\\r]|[^${notText}])*$`, 'u'))
      .exactOptional(),
    expected: `text of at most ${maxJustification} characters`,
    purpose: 'Why the rule is there.',
    examples: ['Nightly load of sales figures'],
  },
  ticket: { ...line, purpose: 'Where that was decided.', examples: ['CHG-1021'] },
} as const satisfies Readonly<Record<keyof RuleContent, Field>>

export type ContentField = keyof RuleContent

/** The definition of each field of a rule, in the order in which they are written. */
export const contentFields: Readonly<Record<ContentField, Field>> = table

export const contentFieldNames = Object.keys(table) as readonly ContentField[]

/** Checks a rule of a file field by field. Combinations of fields: `contradictions.ts`. */
export const contentSchema = z.strictObject(schemasOf(table))

/** The same for a row. */
export const storedContentSchema = contentSchema.extend({ approvers: table.approvers.inRow })

export type CheckedContent = z.output<typeof contentSchema>
