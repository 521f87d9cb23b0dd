import type { AccountSettings } from '@parley/contract'
import { type AskedHost, isAddress } from './asked-host.ts'

/** Every service that a published client or the toolbelt looks up. This server plays all of them. */
const SERVICES = [
  'accountConfigReadOnly',
  'accountConfigReadWrite',
  'acCdnDomain',
  'agentVep',
  'asyncMessaging',
  'asyncMessagingEnt',
  'auditlog',
  'engHistDomain',
  'faasGW',
  'faasUI',
  'idp',
  'leDataReporting',
  'msdkgw',
  'msgEwtAPI',
  'msgHist',
  'pusher',
  'rtbf',
  'sentinel',
  'shiftstatus',
  'smt',
  'swift',
] as const
type Service = (typeof SERVICES)[number]

const names = new Set<string>(SERVICES)

export function isService(name: string): boolean {
  return names.has(name)
}

/** The functions client speaks V2 when the host contains one of these words. */
const V2_PREFIXES: Partial<Record<Service, string>> = {
  faasGW: 'fninvocations.',
  faasUI: 'functions.',
}

export interface ServiceEntry {
  service: string
  account: string
  baseURI: string
}

/** The addresses of an account's services: the host of the request, with the TLS port, because published clients use TLS. */
export function serviceEntries(
  accountId: string,
  { host, port }: AskedHost,
  { tlsPort, dialect }: { tlsPort: number; dialect: AccountSettings['dialect'] },
): ServiceEntry[] {
  const suffix = port === undefined || tlsPort === 443 ? '' : `:${tlsPort}`
  return SERVICES.map((service) => {
    const prefix = dialect === 'v2' ? V2_PREFIXES[service] : undefined
    const base = prefix && isAddress(host) ? 'localhost' : host
    return { service, account: accountId, baseURI: `${prefix ?? ''}${base}${suffix}` }
  })
}
