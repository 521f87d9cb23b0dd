import { call, type Session } from '@parley/client'
import {
  allowDomain,
  createSecret,
  listAllowedDomains,
  listSecrets,
  removeAllowedDomain,
  replaceSecret,
} from '@parley/contract'
import { findSettings } from '@parley/server/local-project'
import { explain } from '../explain.ts'
import { functionsFolder } from './list-folders.ts'

/** Makes the secrets and the allowed domains of the account those of `settings.json`. Secrets that it does not name stay. */
export async function ensureSettings(session: Session, folder: string | undefined): Promise<void> {
  const settings = folder && (await findSettings(functionsFolder(folder)))
  if (!settings) return
  const { secrets } = await call(session, listSecrets)
  for (const { key: name, value } of settings.secrets) {
    const type = typeof value === 'string' ? 'text' : 'json'
    const known = secrets.some((one) => one.name === name)
    try {
      await (known
        ? call(session, replaceSecret, { params: { name }, body: { type, value } })
        : call(session, createSecret, { body: { name, type, value } }))
    } catch (cause) {
      throw new Error(`settings.json: secret "${name}": ${explain(cause)}`, { cause })
    }
  }
  const { domains } = await call(session, listAllowedDomains)
  const wanted = new Set(settings.whitelist)
  for (const domain of wanted) {
    if (!domains.some((one) => one.domain === domain)) {
      await call(session, allowDomain, { body: { domain } })
    }
  }
  for (const { domain, domainId, provisioned } of domains) {
    if (!provisioned && !wanted.has(domain)) {
      await call(session, removeAllowedDomain, { params: { domainId } })
    }
  }
}
