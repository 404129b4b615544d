/**
 * Paths without empty, `.` and `..` segments, in the two ways that Burrow's answers show. Pure.
 * Both begin with a slash, whatever was given.
 */

/** Before a path is looked up once more: a slash at the end, or a `.` there, leaves a slash (httprouter's CleanPath). */
export function cleanLookupPath(path: string): string {
  const segments = cleanSegments(path)
  const trailing = (path.length > 1 && path.endsWith('/')) || path === '.' || path.endsWith('/.')
  return joined(segments, trailing)
}

/** In the Location of a redirect: only a slash at the end leaves a slash (Go's http.Redirect). */
export function cleanLocationPath(path: string): string {
  return joined(cleanSegments(path), path.endsWith('/'))
}

function cleanSegments(path: string): string[] {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments
}

function joined(segments: readonly string[], trailing: boolean): string {
  return `/${segments.join('/')}${trailing && segments.length > 0 ? '/' : ''}`
}
