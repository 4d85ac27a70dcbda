/** Stub. */
export function ruleFileJsonSchema(): object {
  return {}
}
