import { splitUrl } from './error-dialects.ts'

/** The path of a URL for the log: without the query and without the tokens that the published paths carry. */
export function redactUrl(url: string): string {
  return splitUrl(url)
    .path.replaceAll(/\/brand\/[^/]+/g, '/brand/[redacted]')
    .replaceAll(/eyJ[^/]+/g, '[redacted]')
}
