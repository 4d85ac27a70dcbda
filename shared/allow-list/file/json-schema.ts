import { expectedInFile } from '../rule/expected.ts'
import { type ContentField, contentFieldNames, forms, limits } from '../rule/fields.ts'

type Schema = Readonly<Record<string, unknown>>

const exampleScope = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake'
const exampleFactory =
  '/subscriptions/0a5e6f10-2222-4a6b-8c2d-a4a191c50002/resourceGroups/rg-analytics/providers/Microsoft.DataFactory/factories/adf-sales'

/** What each field is for; what it must hold is added from `expectedInFile`. */
const purposes: Readonly<Record<ContentField, string>> = {
  id: 'What the log calls the rule. No other rule may have it, not even in other case.',
  effect:
    'What the rule does with a request that it matches: approve it, leave it to a person, or reject it.',
  mode: 'In audit, the log says what the rule would have done, and nothing else happens.',
  target: 'What is connected to, and everything under it.',
  targetTypes: 'Only targets of these types. Left out: every type.',
  targetTags: 'Tags that the target must carry, all of them. Left out: whatever tags it has.',
  groupIds: 'Only these groups (sub-resources). Left out: every group.',
  requester: 'Whose requests. Left out: anybody, which only ask and deny may say.',
  endpointName:
    'Only endpoints that are called so on the target; a managed endpoint is called {requester}.{name}.',
  proof: 'For allow only: the least proof of who asks.',
  maxConnections:
    'For allow only: the most connections the requester may have on one target, the new one included.',
  validFrom: 'The rule counts from then on.',
  validUntil: 'At that moment the rule no longer counts.',
  approvalEndsAfter: 'For allow only: how long an approval is meant to last.',
  approvers: 'For ask only: who may answer. Left out: every approver.',
  requiredApprovals: 'For ask only: how many people have to approve.',
  owner: 'Whom to ask about the rule.',
  justification: 'Why the rule is there.',
  ticket: 'Where that was decided.',
}

const shapes: Readonly<Record<ContentField, Schema>> = {
  id: { ...text(forms.id), examples: ['sales-to-lake'] },
  effect: { enum: ['allow', 'ask', 'deny'] },
  mode: { enum: ['enforce', 'audit'], default: 'enforce' },
  target: { type: 'string', pattern: '^/', maxLength: 1024, examples: [exampleScope] },
  targetTypes: list(forms.targetType, ['Microsoft.Storage/storageAccounts']),
  targetTags: {
    type: 'object',
    minProperties: 1,
    maxProperties: limits.tags,
    propertyNames: { ...text(forms.tagName), maxLength: limits.tagName },
    additionalProperties: { ...text(forms.line), maxLength: limits.tagValue },
    examples: [{ environment: 'prod' }],
  },
  groupIds: list(forms.groupId, ['blob', 'dfs']),
  requester: { type: 'string', pattern: '^/', maxLength: 1024, examples: [exampleFactory] },
  endpointName: { type: 'string', minLength: 1, maxLength: limits.name, examples: ['adf-sales.*'] },
  proof: { enum: ['confirmed', 'platform'], default: 'confirmed' },
  maxConnections: wholeNumber(limits.connections),
  validFrom: { ...text(forms.time), examples: ['2027-01-31'] },
  validUntil: { ...text(forms.time), examples: ['2027-12-31', '2027-12-31T08:00:00Z'] },
  approvalEndsAfter: { ...text(forms.duration), examples: ['P90D', 'PT8H'] },
  approvers: list(forms.approver, ['anna@contoso.example']),
  requiredApprovals: { ...wholeNumber(limits.approvals), default: 1 },
  owner: note(forms.line, limits.name, 'data-platform@contoso.example'),
  justification: {
    type: 'string',
    minLength: 1,
    maxLength: limits.justification,
    examples: ['Nightly load of sales figures'],
  },
  ticket: note(forms.line, limits.name, 'CHG-1021'),
}

/**
 * The JSON Schema of rule files, for completion and first checks in editors. What it refuses, `readRuleFile` refuses;
 * what fields mean beside each other, ids said twice and the forms of scopes only `readRuleFile` knows.
 */
export function ruleFileJsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Allow-list of private-endpoint-approver',
    type: 'object',
    required: ['rules'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string', description: 'Where this schema is, for editors.' },
      rules: {
        type: 'array',
        maxItems: 100_000,
        description: 'All rules. Their order plays no part.',
        items: rule(),
      },
    },
  }
}

function rule(): Schema {
  return {
    type: 'object',
    description: 'Whose requests to what are approved (allow), left to a person (ask) or rejected (deny).',
    required: ['id', 'effect', 'target'],
    additionalProperties: false,
    properties: Object.fromEntries(
      contentFieldNames.map((name) => [
        name,
        { description: `${purposes[name]} It must be ${expectedInFile[name]}.`, ...shapes[name] },
      ]),
    ),
    allOf: [
      { if: says('allow'), then: { required: ['requester'], ...without('approvers', 'requiredApprovals') } },
      { if: says('ask', 'deny'), then: without('proof', 'maxConnections', 'approvalEndsAfter') },
      { if: says('deny'), then: without('approvers', 'requiredApprovals') },
    ],
  }
}

function says(...effects: readonly string[]): Schema {
  return { required: ['effect'], properties: { effect: { enum: effects } } }
}

function without(...names: readonly ContentField[]): Schema {
  return { properties: Object.fromEntries(names.map((name) => [name, false])) }
}

function text(form: RegExp): Schema {
  return { type: 'string', pattern: form.source }
}

function note(form: RegExp, maxLength: number, example: string): Schema {
  return { ...text(form), minLength: 1, maxLength, examples: [example] }
}

function list(item: RegExp, example: readonly string[]): Schema {
  return { type: 'array', minItems: 1, items: text(item), examples: [example] }
}

function wholeNumber(maximum: number): Schema {
  return { type: 'integer', minimum: 1, maximum, examples: [2] }
}
