import { join } from 'node:path'

export interface WithTarget {
  host: string
  /** Where connections to the vendor's port 80 lead. */
  port: number
  /** Where connections to the vendor's port 443 lead. */
  tlsPort: number
  /** The authorities that the child trusts besides its own; among them the one for the vendor's names. */
  caFile: string
}

const HOOK = join(import.meta.dirname, 'redirect.cjs')

/** A proxy would be asked for the vendor's hosts instead of us. */
const PROXIES = new Set(['https_proxy', 'http_proxy'])

/** The environment in which a published client reaches Parley without knowing it. */
export function childEnvironment(env: NodeJS.ProcessEnv, target: WithTarget): NodeJS.ProcessEnv {
  const { caFile, ...ports } = target
  const kept = Object.entries(env).filter(([name]) => !PROXIES.has(name.toLowerCase()))
  return {
    ...Object.fromEntries(kept),
    NODE_OPTIONS: [env['NODE_OPTIONS'], `--require ${JSON.stringify(HOOK)}`]
      .filter(Boolean)
      .join(' '),
    NODE_EXTRA_CA_CERTS: caFile,
    PARLEY_WITH: JSON.stringify(ports),
  }
}
