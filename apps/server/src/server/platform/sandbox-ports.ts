import type { Logger } from '#base/kernel'
import type { SandboxPorts } from '#faas/sandbox'
import type { FunctionConfig } from '#faas/function-config'

/** What functions may ask of the platform. */
export function sandboxPorts(
  functionConfig: () => FunctionConfig,
  platformCall: SandboxPorts['platformCall'],
  logger: Logger,
): SandboxPorts {
  return {
    allowed: (accountId, host) => functionConfig().allowlist.allows(accountId, host),
    outgoingPerSecond: async (accountId) =>
      (await functionConfig().limitsOf(accountId)).outboundRequestsPerSecond,
    readSecret: (accountId, functionId, key) =>
      functionConfig().secrets.read(accountId, functionId, key),
    updateSecret: (accountId, functionId, key, value) =>
      functionConfig().secrets.update(accountId, functionId, key, value),
    platformCall,
    refused({ calledFrom, ...call }) {
      logger.debug(call, 'Refused an outgoing call')
      functionConfig().blockedCalls.add({ ...call, calledFrom })
    },
  }
}
