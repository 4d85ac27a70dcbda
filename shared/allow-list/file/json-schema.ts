import { z } from 'zod'
import { loneSurrogates } from '../../domain/printable.ts'
import { type Effect, plainContent, type RuleContent } from '../../domain/rule.ts'
import { type ContentField, contentFieldNames, contentFields, contentSchema } from '../rule/fields.ts'

/**
 * The JSON Schema of rule files, for completion and first checks in editors. Everything that it refuses, `readRuleFile`
 * refuses, too; only `readRuleFile` checks combinations of fields, repeated ids and the forms of scopes.
 */
export function ruleFileJsonSchema(): object {
  const file = z.strictObject({
    $schema: z.string().meta({ description: 'Where this schema is, for editors.' }).optional(),
    rules: z.array(ruleSchema()).max(100_000).meta({ description: 'All rules. Their order plays no part.' }),
  })
  return z.toJSONSchema(file.meta({ title: 'Allow-list of private-endpoint-approver' }), {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      // zod omits the examples of a schema that transforms its value, because it takes them for results.
      Object.assign(jsonSchema, z.globalRegistry.get(zodSchema))
      // Not every validator reads patterns with the flag `u`.
      if (jsonSchema.pattern) jsonSchema.pattern = jsonSchema.pattern.replaceAll(loneSurrogates, '')
    },
  })
}

function ruleSchema() {
  return z.strictObject(Object.fromEntries(contentFieldNames.map((name) => [name, described(name)]))).meta({
    description:
      'Whose requests to what are approved (allow), left to manual review (ask) or rejected (deny).',
    allOf: contentSchema.shape.effect.options.map(conditionOf),
  })
}

function described(name: ContentField): z.ZodType {
  const { schema, inFile = schema, purpose, expected, examples, onlyFor } = contentFields[name]
  const plain: Partial<RuleContent> = plainContent
  return inFile.meta({
    description: `${onlyFor ? `For ${onlyFor.effect} only: ` : ''}${purpose} It must be ${expected}.`,
    ...(examples && { examples }),
    ...(typeof plain[name] === 'string' && { default: plain[name] }),
  })
}

/** The fields that a rule of this effect must have and must not have. */
function conditionOf(effect: Effect): object {
  const others = contentFieldNames.filter(
    (name) => (contentFields[name].onlyFor?.effect ?? effect) !== effect,
  )
  return {
    if: { required: ['effect'], properties: { effect: { enum: [effect] } } },
    then: {
      ...(effect === 'allow' && { required: ['requester'] }),
      properties: Object.fromEntries(others.map((name) => [name, false])),
    },
  }
}
