/** A request path as the host matches it and as the app sees it. */
export interface RequestPath {
  /** Decoded once, except for `%2F`; `.` and `..` segments resolved. */
  decoded: string
  hasEmptySegment: boolean
}

/**
 * Reads the path of a request line (without the query). Percent-encoding is undone once, but an encoded slash stays,
 * and only then are dot segments resolved, so that `%2e%2e` counts as `..` (seen with host 4.1037).
 */
export function readPath(raw: string): RequestPath {
  const decoded = removeDotSegments(decodeExceptSlash(raw))
  return { decoded, hasEmptySegment: decoded.includes('//') }
}

function decodeExceptSlash(raw: string): string {
  return raw.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    run
      .split(/(%2f)/i)
      .map((part) => (/^%2f$/i.test(part) ? part : decodeOrKeep(part)))
      .join(''),
  )
}

function decodeOrKeep(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function removeDotSegments(path: string): string {
  const kept: string[] = []
  const segments = path.split('/').slice(1)
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1
    if (segment === '..') kept.pop()
    if (segment !== '.' && segment !== '..') kept.push(segment)
    else if (last) kept.push('')
  }
  return '/' + kept.join('/')
}

/**
 * The path in the URL that the app sees. Percent-encoding is kept; with HTTP streaming its percent sign is encoded once
 * more, which turns `%2F` into `%252F` (seen with host 4.1037).
 */
export function encodePath(decoded: string, encodePercent: boolean): string {
  const allowed = /[A-Za-z0-9\-._~!$&'()*+,;=:@/]/
  return decoded.replace(/%[0-9a-fA-F]{2}|[\s\S]/gu, (part) => {
    if (part.length === 3 && part.startsWith('%')) return encodePercent ? `%25${part.slice(1)}` : part
    return allowed.test(part) && part.length === 1 ? part : encodeURIComponent(part)
  })
}
