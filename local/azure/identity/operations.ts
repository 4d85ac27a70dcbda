const verbs: Readonly<Record<string, string>> = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'delete',
}

/**
 * The operation of a call below a subscription, as roles name it: `Microsoft.Storage/storageAccounts/read`, or
 * `…/action` for a POST.
 */
export function operationOf(method: string, path: string): string {
  const marker = '/providers/'
  const cut = path.toLowerCase().lastIndexOf(marker)
  const [namespace = '', ...parts] =
    cut === -1
      ? path.replace(/^\//, 'Microsoft.Resources/').split('/')
      : path.slice(cut + marker.length).split('/')
  const types = parts.filter((_, index) => index % 2 === 0)
  return [namespace, ...types, verbs[method] ?? 'action'].join('/')
}

/** True when a role's action, in which `*` matches any text, covers an operation. */
export function covers(action: string, operation: string): boolean {
  const pattern = action
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('.*')
  return new RegExp(`^${pattern}$`, 'i').test(operation)
}
