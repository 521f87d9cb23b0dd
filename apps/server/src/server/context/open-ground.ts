import { sayWhile, unlessAborted } from '#base/kernel'
import { openStore, type StoreDeps } from '#base/store'
import { openTls } from '#base/tls'
import type { FirstSteps } from '#server/first-steps'
import type { Config } from '#config'
import type { Overrides } from './open-base.ts'
import { openTogether } from './open-together.ts'
import { tlsConfig } from './tls-config.ts'

type Given = Pick<Overrides, 'onStep' | 'tlsDir'> & {
  firstSteps: FirstSteps
  stopping: AbortSignal
}
type Machine = StoreDeps & Parameters<typeof openTls>[0]

/** Opens at the same time what all modules need: the database, the sandbox and the certificates. */
export function openGround(
  opened: AsyncDisposableStack,
  machine: Machine,
  config: Config,
  { firstSteps, onStep, stopping, tlsDir }: Given,
) {
  const { db } = config
  const database = db.kind === 'given' ? db : { ...db, started: firstSteps.postgres }
  const sandbox = sayWhile(machine, 'a first process for functions', firstSteps.sandbox)
  const making = unlessAborted(stopping, openTls(machine, tlsConfig(config, tlsDir)))
  const certificates = sayWhile(machine, 'the certificates', making)
  return openTogether(opened, [
    openStore(machine, { ...database, stopping }).finally(() => onStep?.('database')),
    sandbox.finally(() => onStep?.('sandbox')),
    certificates.finally(() => onStep?.('certificates')),
  ])
}
