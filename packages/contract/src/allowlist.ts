import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { Instant, RowNumber, StorableText } from './text.ts'

const LABEL = '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?'

/** A host name of RFC 1035 in which one whole label may be `*`. */
export const AllowedHost = StorableText.max(253)
  .transform((domain) => domain.toLowerCase())
  .refine(
    (domain) => new RegExp(`^((${LABEL}|\\*)\\.)+${LABEL}$`).test(domain),
    'must be a host name such as api.example.com or *.example.com',
  )
  .refine((domain) => domain.split('*').length <= 2, 'may contain one * at most')
  .refine((domain) => !/^[\d.]+$/.test(domain), 'must be a name, not an address')

/** A host that functions may call (`spec/platform.md` 8). */
export const AllowedDomain = z.object({
  domainId: z.int(),
  domain: z.string(),
  name: z.string(),
  /** Entries of the platform itself; they cannot be removed. */
  provisioned: z.boolean(),
  createdAt: Instant.optional(),
  createdBy: z.string().optional(),
})
export type AllowedDomain = z.infer<typeof AllowedDomain>

const InAccount = z.object({ accountId: z.string() })
const base = '/api/v1/accounts/:accountId/allowed-domains'

export const listAllowedDomains = {
  method: 'GET',
  path: base,
  auth: 'allowlist:read',
  summary: 'Hosts that functions may reach',
  params: InAccount,
  query: z.object({ provisioned: z.stringbool().default(true) }),
  reply: z.object({ domains: z.array(AllowedDomain) }),
} as const satisfies RouteSpec

export const allowDomain = {
  method: 'POST',
  path: base,
  auth: 'allowlist:write',
  summary: 'Lets functions reach a host; in force within a second',
  params: InAccount,
  body: z.object({ domain: AllowedHost, name: StorableText.max(200).optional() }),
  reply: AllowedDomain,
  status: 201,
} as const satisfies RouteSpec

export const removeAllowedDomain = {
  method: 'DELETE',
  path: `${base}/:domainId`,
  auth: 'allowlist:write',
  summary: 'Takes a host off the list; in force within a second',
  params: InAccount.extend({ domainId: RowNumber }),
  status: 204,
} as const satisfies RouteSpec

export const checkRedirects = {
  method: 'POST',
  path: `${base}/checks`,
  auth: 'allowlist:write',
  audit: false,
  summary: 'Follows the redirects of a URL and says which hosts of the chain are missing',
  params: InAccount,
  body: z.object({ url: z.url({ protocol: /^https?$/ }) }),
  reply: z.object({
    chain: z.array(
      z.object({
        url: z.string(),
        host: z.string(),
        allowed: z.boolean(),
        status: z.int().optional(),
      }),
    ),
    missing: z.array(z.string()),
    /** Why the chain could not be followed to its end. */
    stopped: z.string().optional(),
  }),
} as const satisfies RouteSpec
