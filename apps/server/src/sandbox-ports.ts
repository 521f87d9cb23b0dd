import type { Functions } from '#functions'
import { type Logger, ParleyError } from '#kernel'
import type { SandboxPorts } from '#sandbox'

/** What functions may ask of the platform. `late` is filled once the rooms that answer are open. */
export function sandboxPorts(late: { functions?: Functions }, logger: Logger): SandboxPorts {
  function functions(): Functions {
    if (!late.functions) throw new ParleyError('unavailable', 'The server is starting')
    return late.functions
  }
  return {
    allowed: (accountId, host) => functions().room.allowlist.allows(accountId, host),
    readSecret: (accountId, functionId, key) =>
      functions().secrets.read(accountId, functionId, key),
    updateSecret: (accountId, functionId, key, value) =>
      functions().secrets.update(accountId, functionId, key, value),
    async platformCall(_accountId, _functionId, kind) {
      throw new ParleyError('not_supported', `The platform does not answer "${kind}" yet`)
    },
    blocked: (accountId, functionId, host, port, why) =>
      logger.info({ accountId, functionId, host, port, why }, 'Refused an outgoing call'),
  }
}
