import { createContextServiceClient } from './context-service-client.ts'
import { createConversationUtil } from './conversation-util.ts'
import { createCsds } from './csds.ts'
import { ConversationContentTypes, ErrorStrategy, LpServices, SDETypes } from './enums.ts'
import { ErrorCodes, SecretError } from './errors.ts'
import { createGdprUtil } from './gdpr-util.ts'
import type { ToolbeltHost } from './host.ts'
import { createHttpClient } from './http-client.ts'
import { createLogger } from './logger.ts'
import { createLpClient } from './lp-client.ts'
import { createMtlsClient } from './mtls-client.ts'
import { createOrchestratorClient } from './orchestrator-client.ts'
import { createSdeUtil } from './sde-util.ts'
import { createSecretClient } from './secret-client.ts'
import { createSfClient } from './sf-client.ts'

/**
 * What `require('lp-faas-toolbelt')` returns. Each factory makes a new client; all share one look-up of services.
 * What authors may rely on is described in `types`.
 */
export function createToolbelt(host: ToolbeltHost) {
  const csds = createCsds(host)
  const common = () => ({
    host,
    csds,
    http: createHttpClient(host),
    secrets: createSecretClient(host),
  })
  const Toolbelt = {
    SFClient: () => createSfClient(),
    HTTPClient: () => createHttpClient(host),
    SecretClient: () => createSecretClient(host),
    LpClient: () => createLpClient(common()),
    ConversationUtil: () => createConversationUtil(createLpClient(common())),
    SDEUtil: () => createSdeUtil(createLpClient(common())),
    GDPRUtil: () => createGdprUtil(common()),
    ContextServiceClient: (config: { apiKey: string; accountId: string | number }) =>
      createContextServiceClient(host, config),
    MTLSClient: (certificates: Parameters<typeof createMtlsClient>[1]) =>
      createMtlsClient(host, certificates),
    OrchestratorClient: () => createOrchestratorClient(common()),
    Logger: () => createLogger(),
  }
  return {
    Toolbelt,
    ErrorCodes,
    SecretError,
    LpServices,
    ConversationContentTypes,
    SDETypes,
    ErrorStrategy,
  }
}
