/** The path of a resource of a type below its resource group: `Microsoft.A/b/c` is `Microsoft.A/b/n0/c/n1`. */
export function resourceTypeWords(type: string): string {
  const [namespace = '', ...types] = type.split('/')
  return [namespace, ...types.flatMap((name, index) => [name, `n${index}`])].join('/')
}
