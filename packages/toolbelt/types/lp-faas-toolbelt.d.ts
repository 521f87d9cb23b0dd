/// <reference types="node" />
/* oxlint-disable typescript/no-explicit-any -- what services and authors give is theirs to name */

/** What `require('lp-faas-toolbelt')` gives a function (`core-functions-toolbelt` is the same). */
declare module 'lp-faas-toolbelt' {
  interface HttpOptions {
    uri?: string | URL
    url?: string | URL
    baseUrl?: string
    /** GET by default. */
    method?: string
    headers?: Record<string, string | number | undefined>
    /** Parameters of the query; nested values are written `a[b]=1`. */
    qs?: Record<string, unknown>
    body?: unknown
    /** `true` serialises the body and parses the answer; a value is the body itself. */
    json?: unknown
    form?: string | Record<string, unknown>
    formData?: Record<string, unknown>
    auth?: { user?: string; pass?: string; bearer?: string | (() => string) }
    /** Milliseconds until the request fails with `ESOCKETTIMEDOUT`. */
    timeout?: number
    /** `null` resolves with a Buffer. */
    encoding?: BufferEncoding | null
    gzip?: boolean
    /** `true` (default) rejects with a `StatusCodeError` when the status is not 2xx. */
    simple?: boolean
    /** `true` resolves with the response instead of its body. */
    resolveWithFullResponse?: boolean
    followRedirect?: boolean | ((response: unknown) => boolean)
    followAllRedirects?: boolean
    maxRedirects?: number
    rejectUnauthorized?: boolean
  }
  interface HttpResponse {
    statusCode: number
    statusMessage: string
    headers: Record<string, string | string[] | undefined>
    body: any
  }
  type HttpCall = (target: string | URL | HttpOptions, options?: HttpOptions) => Promise<any>
  interface HttpClient extends HttpCall {
    get: HttpCall
    head: HttpCall
    options: HttpCall
    post: HttpCall
    put: HttpCall
    patch: HttpCall
    delete: HttpCall
    del: HttpCall
    defaults(options: HttpOptions): HttpClient
  }

  interface SecretEntry {
    key: string
    value: any
  }
  interface SecretClient {
    readSecret(key: string): Promise<SecretEntry>
    updateSecret(entry: SecretEntry): Promise<SecretEntry>
    writeSecret(entry: SecretEntry): Promise<SecretEntry>
    getUsedSecrets(): Promise<SecretEntry[]>
  }

  type LpClient = (
    service: string,
    path: string,
    /** `appKeySecretName` is `lp-faas-default-app-key` by default. */
    options?: HttpOptions & { appKeySecretName?: string },
  ) => Promise<any>

  interface Conversation {
    _metadata?: unknown
    conversationHistoryRecords: any[]
  }
  interface KeywordHit {
    message: string
    sentTimestamp?: number
    sentBy?: string
    tag: string
  }
  interface ConversationUtil {
    getConversationById(conversationId: string, contentToRetrieve?: string[]): Promise<Conversation>
    /** Each keyword is a regular expression, regardless of case. */
    scanConversationForKeywords(conversation: Conversation, keywords: string[]): KeywordHit[]
  }

  interface SDE {
    type: string
    [member: string]: unknown
  }
  interface SDEUtil {
    addSDEs(sdes: SDE[], visitorId: string, sessionId: string): Promise<void>
    getSDEsFromConv(conversation: Conversation): {
      sdes: { events: any[] }
      unAuthSdes: { events: any[] }
    }
  }

  interface GDPRUtil {
    /** Irreversible. Resolves with the replaced paths. */
    replaceConversationFiles(
      conversation: Conversation,
      credentials: { username: string; password: string },
      shouldReplace?: (path: string) => boolean,
      replacementFile?: { body: Buffer; contentType: string },
    ): Promise<string[]>
  }

  interface Namespace {
    name: string
    createdAt: Date
    ttlSecond?: number
  }
  type Properties = Record<string, any>
  /** Rejects with an `SDKError` that has a `code`. `sessionId` is `__default__` by default. */
  interface ContextServiceClient {
    createNamespace(name: string, options?: { ttl?: number }): Promise<Namespace>
    deleteNamespace(name: string): Promise<void>
    getListOfNamespaces(): Promise<Namespace[]>
    setPropertiesInNamespace(
      namespace: string,
      properties: Properties,
      sessionId?: string,
    ): Promise<Properties>
    updatePropertiesInNamespace(
      namespace: string,
      properties: Properties,
      sessionId?: string,
    ): Promise<Properties>
    getAllPropertiesInSession(namespace: string, sessionId?: string): Promise<Properties>
    getSelectedPropertiesInSession(
      namespace: string,
      names: string[],
      sessionId?: string,
    ): Promise<Properties>
    getPropertyInSession(namespace: string, name: string, sessionId?: string): Promise<any>
    deletePropertyInSession(namespace: string, name: string, sessionId?: string): Promise<void>
    deleteSession(namespace: string, sessionId: string): Promise<void>
    getListOfSessions(namespace: string): Promise<string[]>
  }

  interface MTLSOptions {
    json?: boolean
    timeout?: number
    allowSelfSigned?: boolean
  }
  interface MTLSResponse {
    statusCode: number
    headers: Record<string, string | string[] | undefined>
    body?: any
  }
  type Headers = Record<string, string>
  type MTLSCall = (
    url: string,
    headers?: Headers,
    body?: unknown,
    options?: MTLSOptions,
  ) => Promise<MTLSResponse>
  type MTLSCallWithoutBody = (
    url: string,
    headers?: Headers,
    options?: MTLSOptions,
  ) => Promise<MTLSResponse>
  interface MTLSClient {
    get: MTLSCall
    post: MTLSCall
    put: MTLSCall
    patch: MTLSCall
    delete: MTLSCall
    head: MTLSCallWithoutBody
    options: MTLSCallWithoutBody
  }

  interface Invocation {
    uuid: string
    payload?: unknown
    headers?: Record<string, string>
    /** 3 by default. */
    retries?: number
    retryFunction?: (statusCode: number | undefined, error: unknown) => boolean
  }
  interface OrchestratorResponse {
    uuid: string
    statusCode?: number
    headers?: unknown
    body?: any
    error?: { code: string; message: string }
  }
  interface OrchestratorClient {
    /** `deadline` in milliseconds, at most 25,000. */
    invoke(
      invocations: Invocation[],
      deadline: number,
      options?: { timeout?: number; invokeParallel?: boolean; errorStrategy?: string },
    ): Promise<OrchestratorResponse[]>
  }

  const Toolbelt: {
    HTTPClient(): HttpClient
    SecretClient(): SecretClient
    LpClient(): LpClient
    ConversationUtil(): ConversationUtil
    SDEUtil(): SDEUtil
    GDPRUtil(): GDPRUtil
    /** A connection of `jsforce`. */
    SFClient(): { connectToSalesforce(params: object): any }
    ContextServiceClient(config: { apiKey: string; accountId: string }): ContextServiceClient
    /** PEM, as text or bytes; throws when one is malformed. */
    MTLSClient(certificates: {
      cert: string | Buffer
      key: string | Buffer
      ca?: string | Buffer
    }): MTLSClient
    OrchestratorClient(): OrchestratorClient
  }

  class SecretError extends Error {
    readonly code: string
  }
  const ErrorCodes: {
    Platform: { Secret: { NoToken: string } }
    Secret: { Invalid: string; Failure: string; NotFound: string; AuthFailure: string }
    Csds: { NotFound: string; Failure: string }
  }
  const LpServices: Record<
    | 'MSG_HIST'
    | 'AGENT_VEP'
    | 'ACCOUNT_CONFIG_READ_ONLY'
    | 'ACCOUNT_CONFIG_READ_WRITE'
    | 'ASYNC_MESSAGING'
    | 'ASYNC_MESSAGING_EN'
    | 'ENG_HIST_DOMAIN'
    | 'RTBF'
    | 'AUDITLOG'
    | 'SMT'
    | 'PUSHER'
    | 'LE_DATA_REPORTING'
    | 'MSG_EWT_API'
    | 'MSDKGW',
    string
  >
  const ConversationContentTypes: Record<string, string>
  const SDETypes: Record<
    | 'CART'
    | 'TRANSACTION'
    | 'VIEWED_PRODUCT'
    | 'CUSTOMER_INFO'
    | 'MARKETING_SOURCE'
    | 'PERSONAL_INFO'
    | 'LEAD'
    | 'SERVICE_ACTIVITY'
    | 'VISITOR_ERROR'
    | 'SEARCHED_CONTENT',
    string
  >
  const ErrorStrategy: { CONTINUE_ON_ERROR: string; EXIT_ON_ERROR: string }
}

declare module 'core-functions-toolbelt' {
  export * from 'lp-faas-toolbelt'
}
