import { takesCoding } from './accept-encoding.ts'
import { type Answer, nothingHere } from './answer.ts'
import { indexName, type PageFile } from './page-files.ts'
import type { Route, RouteRequest } from './routes.ts'

/**
 * The page for browsers: its index at `pagePath`, everything else below `/page/`, by names that change with what is in them. Ours, so these go
 * into the router's additions. Main thread; from memory.
 */
export function pageRoutes(files: ReadonlyMap<string, PageFile>, pagePath: string): Route[] {
  const index = files.get(indexName)!
  return [
    { method: 'GET', pattern: pagePath, answer: request => fileAnswer(index, request, 'no-cache') },
    {
      method: 'GET',
      pattern: '/page/:file',
      answer: request => {
        const name = request.parameters[0] ?? ''
        const file = name === indexName ? undefined : files.get(name)
        return file ? fileAnswer(file, request, 'public, max-age=31536000, immutable') : nothingHere
      }
    }
  ]
}

function fileAnswer(file: PageFile, { header }: RouteRequest, cacheControl: string): Answer {
  const [body, coding] = bestForm(file, header('accept-encoding'))
  const headers = {
    'Cache-Control': cacheControl,
    'Content-Security-Policy': contentSecurityPolicy,
    ETag: file.etag,
    'Referrer-Policy': 'no-referrer',
    Vary: 'Accept-Encoding',
    'X-Content-Type-Options': 'nosniff'
  }
  if (isKnown(header('if-none-match'), file.etag)) return { status: 304, headers, body: [] }
  const type = { 'Content-Type': file.contentType, ...(coding === null ? {} : { 'Content-Encoding': coding }) }
  return { status: 200, headers: { ...headers, ...type }, body: [body] }
}

function bestForm({ plain, br, gzip }: PageFile, acceptEncoding: string): [body: Uint8Array, coding: string | null] {
  if (br && takesCoding(acceptEncoding, 'br')) return [br, 'br']
  if (gzip && takesCoding(acceptEncoding, 'gzip')) return [gzip, 'gzip']
  return [plain, null]
}

/** All forms have one tag, and it is compared weakly (RFC 9110 section 13.1.2). */
function isKnown(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(',').some(item => {
    const tag = item.trim()
    return tag === '*' || tag.replace(/^W\//, '') === etag
  })
}

/** Nothing comes from elsewhere, nothing is written into the page, nobody puts the page into a frame. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')
