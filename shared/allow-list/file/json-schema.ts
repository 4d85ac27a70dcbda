import { z } from 'zod'
import { loneSurrogates } from '../../domain/printable.ts'
import { fileFields, type Form } from '../rule/form.ts'
import { forms } from '../routing/forms.ts'

/**
 * The JSON Schema of rule files, for completion and first checks in editors. Everything that it refuses, `readRuleFile`
 * refuses, too; only `readRuleFile` checks combinations of fields, repeated ids, names of channels and the forms of
 * scopes.
 */
export function ruleFileJsonSchema(): object {
  const file = z.strictObject({
    $schema: z.string().meta({ description: 'Where this schema is, for editors.' }).optional(),
    rules: listSchema(forms.rules).meta({ description: 'All rules. Their order plays no part.' }),
    channels: listSchema(forms.channels)
      .meta({ description: 'All channels. Their order plays no part.' })
      .optional(),
    routes: listSchema(forms.routes)
      .meta({ description: 'All routes, in the order in which they are tried. One of them is the default.' })
      .optional(),
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

function listSchema(form: Form) {
  const item = z.strictObject(
    Object.fromEntries(fileFields(form).map((name) => [name, described(form, name)])),
  )
  const { purpose: description, variants, maxItems } = form
  const conditions = variants && {
    allOf: Object.entries(variants.required).map(([variant, required]) =>
      conditionOf(form, variants.field, variant, required),
    ),
  }
  return z.array(item.meta({ description, ...conditions })).max(maxItems)
}

function described({ fields, plain }: Form, name: string): z.ZodType {
  const field = fields[name]
  if (field === undefined) return z.never()
  const { schema, inFile = schema, purpose, expected, examples, onlyFor } = field
  return inFile.meta({
    description: `${onlyFor ? `For ${onlyFor.variant} only: ` : ''}${purpose} It must be ${expected}.`,
    ...(examples && { examples }),
    ...((typeof plain[name] === 'string' || typeof plain[name] === 'boolean') && { default: plain[name] }),
  })
}

/** The fields that an item of this variant must have and must not have. */
function conditionOf(form: Form, field: string, variant: string, required: readonly string[]): object {
  const others = fileFields(form).filter(
    (name) => (form.fields[name]?.onlyFor?.variant ?? variant) !== variant,
  )
  return {
    if: { required: [field], properties: { [field]: { enum: [variant] } } },
    then: {
      ...(required.length > 0 && { required }),
      properties: Object.fromEntries(others.map((name) => [name, false])),
    },
  }
}
