import { plainContent, type RuleContent } from '../../domain/rule.ts'
import { contentOf } from './content.ts'
import { findContradiction } from './contradictions.ts'
import { contentFields, contentSchema, storedContentSchema } from './fields.ts'
import { checker, type Form } from './form.ts'

export const ruleForm: Form<RuleContent> = {
  one: 'rule',
  list: 'rules',
  idField: 'id',
  keyPrefix: '',
  maxItems: 100_000,
  fields: contentFields,
  plain: plainContent,
  variants: { field: 'effect', required: { allow: ['requester'], ask: [], deny: [] } },
  example: 'effect: allow',
  purpose: 'Whose requests to what are approved (allow), left to manual review (ask) or rejected (deny).',
  ofFile: checker(contentSchema, findContradiction, contentOf),
  ofRow: checker(storedContentSchema, findContradiction, contentOf),
}
