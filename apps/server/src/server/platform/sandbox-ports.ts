import type { Functions } from '#faas/functions'
import type { Logger } from '#base/kernel'
import type { SandboxPorts } from '#faas/sandbox'
import { limitsOf, type FunctionConfig } from '#faas/function-config'

/** What functions may ask of the platform. */
export function sandboxPorts(
  functions: () => Functions,
  functionConfig: () => FunctionConfig,
  platformCall: SandboxPorts['platformCall'],
  logger: Logger,
): SandboxPorts {
  return {
    allowed: (accountId, host) => functionConfig().room.allowlist.allows(accountId, host),
    outgoingPerSecond: async (accountId) =>
      (await limitsOf(functionConfig().room, accountId)).outboundRequestsPerSecond,
    readSecret: (accountId, functionId, key) =>
      functionConfig().secrets.read(accountId, functionId, key),
    updateSecret: (accountId, functionId, key, value) =>
      functionConfig().secrets.update(accountId, functionId, key, value),
    platformCall,
    blocked(accountId, functionId, host, port, reason, calledFrom) {
      logger.debug({ accountId, functionId, host, port, reason }, 'Refused an outgoing call')
      functions().refused({ accountId, functionId, host, port, reason, calledFrom })
    },
  }
}
