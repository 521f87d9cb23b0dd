/// <reference types="node" />
/* oxlint-disable typescript/no-explicit-any -- what services and authors give is theirs to name */

/**
 * The library that `require('lp-faas-toolbelt')` returns; `core-functions-toolbelt` is the same.
 * Published: `DevelopingwithFaaS/toolbelt.md` and the pages of `ToolbeltDocumentation`, named at each client.
 */
declare module 'lp-faas-toolbelt' {
  /** The options of `request-promise` that the published pages and samples use. */
  interface HttpOptions {
    /** The target; `http:` or `https:`. One of `uri` and `url` is required, unless `baseUrl` is given. */
    uri?: string | URL | { href: string }
    url?: string | URL | { href: string }
    /** Joined with `uri` by one slash. */
    baseUrl?: string
    /** Default: GET. */
    method?: string
    headers?: Record<string, string | number | undefined>
    /** Parameters of the query; nested values are written `a[b]=1`. */
    qs?: Record<string, unknown>
    /** How lists in `qs` and `form` are written: `a[0]=1` (default), `a[]=1`, or `a=1` for each item. */
    qsStringifyOptions?: { arrayFormat?: 'indices' | 'brackets' | 'repeat'; indices?: boolean }
    /** The same as `arrayFormat: 'repeat'`. */
    useQuerystring?: boolean
    body?: unknown
    /** `true` sends `body` as JSON and parses the answer; any other value is itself the body. */
    json?: unknown
    /** Handed to `JSON.parse` and `JSON.stringify`. */
    jsonReviver?: (key: string, value: any) => any
    jsonReplacer?: (key: string, value: any) => any
    /** Body of a URL-encoded form. */
    form?: string | Record<string, unknown>
    /** Body of a multipart form. A file is `{ value, options: { filename, contentType } }`. */
    formData?: Record<string, unknown>
    /** Body of the type `multipart/related`: the content of each part, and its headers. */
    multipart?: MultipartPart[] | { data: MultipartPart[] }
    auth?: {
      user?: string
      /** The same as `user`. */
      username?: string
      pass?: string
      /** The same as `pass`. */
      password?: string
      bearer?: string | (() => string)
    }
    /** Signs with OAuth1 (RFC 5849), HMAC-SHA1 unless `signature_method` says otherwise. */
    oauth?: {
      consumer_key: string
      consumer_secret?: string
      token?: string
      token_secret?: string
      /** In place of the secret of the consumer, for RSA-SHA1: PEM. */
      private_key?: string
      signature_method?: 'HMAC-SHA1' | 'HMAC-SHA256' | 'RSA-SHA1' | 'PLAINTEXT'
      realm?: string
      verifier?: string
      callback?: string
      /** Made for each request unless given, as the timestamp is. */
      nonce?: string
      timestamp?: string | number
      version?: string
      /** `true` signs the body, too, unless it is a form. */
      body_hash?: boolean | string
      /** Where the signature is sent. */
      transport_method?: 'header'
    }
    /** In milliseconds. A later answer is a `RequestError` with the code `ESOCKETTIMEDOUT`. Default: no limit but that of the call. */
    timeout?: number
    /** `null` resolves with a Buffer. */
    encoding?: BufferEncoding | null
    /** `true` accepts compressed answers and unpacks them. */
    gzip?: boolean
    /** `true` (default) rejects with a `StatusCodeError` when the status is not 2xx. */
    simple?: boolean
    /** `true` resolves with the response instead of its body. */
    resolveWithFullResponse?: boolean
    /** What the call resolves with. Also made of answers that reject, as their `response`, unless `transform2xxOnly` is set. */
    transform?: (body: any, response: HttpResponse, resolveWithFullResponse: boolean) => any
    transform2xxOnly?: boolean
    /** Whether redirects of GET, HEAD and OPTIONS requests are followed. Default: true. */
    followRedirect?: boolean | ((response: unknown) => boolean)
    /** Follows redirects of all methods. Default: false. */
    followAllRedirects?: boolean
    /** A redirect that is followed keeps its method and its body. Default: false. */
    followOriginalHttpMethod?: boolean
    /** Redirects in a row that are followed. Default: 10. */
    maxRedirects?: number
    /** `false` accepts certificates that cannot be verified. */
    rejectUnauthorized?: boolean
    /** The same as `rejectUnauthorized`. */
    strictSSL?: boolean
    /** A client certificate and its key, and who vouches for the server's: PEM. */
    cert?: string | Buffer
    key?: string | Buffer
    ca?: string | Buffer
    passphrase?: string
    /** The same and other options of TLS, as `https.request` of Node takes them. */
    agentOptions?: Record<string, any>
    callback?: HttpCallback
  }
  interface MultipartPart {
    body: string | Uint8Array
    [header: string]: any
  }
  /** Is told the answer, whatever its status; `error` is what kept the request from getting one. */
  type HttpCallback = (error: any, response?: HttpResponse, body?: any) => void
  /** The result when `resolveWithFullResponse` is true. */
  interface HttpResponse {
    statusCode: number
    statusMessage: string
    headers: Record<string, string | string[] | undefined>
    body: any
  }
  /**
   * Sends one request. Resolves with the body, or for HEAD with the headers.
   * @throws `StatusCodeError` (`statusCode`, `error`: the body) when the status is not 2xx and `simple` is not false; the
   * status is 403 for a host that is not on the account's allowlist, and 429 beyond the limit of requests
   * @throws `RequestError` (`cause`) when there is no answer
   */
  interface HttpCall {
    (target: string | URL | HttpOptions, callback: HttpCallback): Promise<any>
    (
      target: string | URL | HttpOptions,
      options?: HttpOptions,
      callback?: HttpCallback,
    ): Promise<any>
  }
  /**
   * HTTP with the interface of `request-promise`. A function may send 20 requests per second; an answer may have 10 MB.
   * Published: `DevelopingwithFaaS/toolbelt.md`.
   */
  interface HttpClient extends HttpCall {
    get: HttpCall
    head: HttpCall
    options: HttpCall
    post: HttpCall
    put: HttpCall
    patch: HttpCall
    delete: HttpCall
    del: HttpCall
    /** A client whose requests have these options unless they give others. */
    defaults(options: HttpOptions): HttpClient
  }

  interface SecretEntry {
    /** Name of the secret: at most 100 characters. */
    key: string
    /** A text, or the parsed value of a JSON secret. */
    value: any
  }
  /** Secrets of the account. Published: `ToolbeltDocumentation/secret-client.md`. */
  interface SecretClient {
    /**
     * The secret as it is now; never cached.
     * @throws `SecretError` with `ErrorCodes.Secret.NotFound` or `.Failure`
     */
    readSecret(key: string): Promise<SecretEntry>
    /**
     * Replaces the value of an existing secret. The last update wins.
     * @throws `SecretError` with `ErrorCodes.Secret.Invalid` when the value is too long (10,000 characters unless the
     * account has another limit), else with `.Failure`
     */
    updateSecret(entry: SecretEntry): Promise<SecretEntry>
    /** The same as `updateSecret`. Published samples use this name. */
    writeSecret(entry: SecretEntry): Promise<SecretEntry>
    /** The secrets that this function has read or updated on this server. */
    getUsedSecrets(): Promise<SecretEntry[]>
  }

  /**
   * Calls a service of the platform, signed by OAuth1 with an app key of the account. Resolves like `HTTPClient`.
   * Published: `ToolbeltDocumentation/lp-client.md`; OAuth1: RFC 5849.
   * @throws what `HTTPClient` throws; `InternalError` with `ErrorCodes.Csds.NotFound` for an unknown service, or
   * `.Failure`; `Error` when the app key cannot be read
   */
  type LpClient = (
    /** A member of `LpServices`, or the name of a service. */
    service: string,
    path: string,
    /** `appKeySecretName` is `lp-faas-default-app-key` by default. */
    options?: HttpOptions & { appKeySecretName?: string },
  ) => Promise<any>

  /** A conversation as the messaging history returns it. */
  interface Conversation {
    _metadata?: unknown
    conversationHistoryRecords: any[]
  }
  interface KeywordHit {
    message: string
    /** Milliseconds since the epoch. */
    sentTimestamp?: number
    sentBy?: string
    /** `keywordRef:` and the keyword. */
    tag: string
  }
  /** Published: `ToolbeltDocumentation/conversation-util.md`. */
  interface ConversationUtil {
    /**
     * Reads a conversation from the messaging history. `contentToRetrieve`: members of `ConversationContentTypes`; all
     * when absent or empty.
     * @throws `Error` when there is no such conversation, or the history cannot be read
     */
    getConversationById(conversationId: string, contentToRetrieve?: string[]): Promise<Conversation>
    /**
     * The messages and captions of files that match a keyword, once per keyword. Each keyword is a regular expression;
     * case does not matter.
     * @throws `Error` without a conversation or a list of keywords
     */
    scanConversationForKeywords(conversation: Conversation, keywords: string[]): KeywordHit[]
  }

  /** A structured data entity (engagement attribute). `type`: a value of `SDETypes`. */
  interface SDE {
    type: string
    [member: string]: unknown
  }
  /** Published: `ToolbeltDocumentation/sde-util.md`. */
  interface SDEUtil {
    /**
     * Adds attributes to the current visit of a visitor.
     * @throws `Error` without attributes, or when the service refuses them
     */
    addSDEs(sdes: SDE[], visitorId: string | number, sessionId: string | number): Promise<void>
    /**
     * The attributes of a conversation, each list in order of `serverTimeStamp`.
     * @throws `Error` for a conversation without a record
     */
    getSDEsFromConv(conversation: Conversation): {
      sdes: { events: any[] }
      unAuthSdes: { events: any[] }
    }
  }

  /** Published: `ToolbeltDocumentation/gdpr-util.md`. */
  interface GDPRUtil {
    /**
     * Replaces the files of a conversation for ever, by a black pixel unless another file is given. Resolves with the
     * replaced paths. `shouldReplace`: chooses paths; all by default.
     * @throws `Error` when the credentials are wrong or a file cannot be replaced; files before it stay replaced
     */
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
    /** Seconds that a property lives after it was written; absent: for ever. */
    ttlSecond?: number
  }
  type Properties = Record<string, any>
  /**
   * What functions keep about conversations and consumers, in namespaces and sessions. `sessionId` is `__default__` by
   * default. Requests that do not reach the service are repeated twice, after 2 and 4 seconds; the limit of a call is 10 s.
   * Published: `ToolbeltDocumentation/faas-context-service-client.md`.
   * @throws every method: `SDKError`, whose `code` is published, or the system's code of a failed connection
   */
  interface ContextServiceClient {
    /** `ttl`: seconds that its properties live, more than 0; for ever by default. */
    createNamespace(name: string, options?: { ttl?: number }): Promise<Namespace>
    /** Deletes its properties too. Built-in namespaces cannot be deleted. What is already gone is no error of a deletion. */
    deleteNamespace(name: string): Promise<void>
    getListOfNamespaces(): Promise<Namespace[]>
    /** Adds and replaces properties; the others stay. Resolves with all properties of the session. */
    setPropertiesInNamespace(
      namespace: string,
      properties: Properties,
      sessionId?: string | number | null,
    ): Promise<Properties>
    /** The same as `setPropertiesInNamespace`. */
    updatePropertiesInNamespace(
      namespace: string,
      properties: Properties,
      sessionId?: string | number | null,
    ): Promise<Properties>
    getAllPropertiesInSession(
      namespace: string,
      sessionId?: string | number | null,
    ): Promise<Properties>
    /** Leaves out names that do not exist. */
    getSelectedPropertiesInSession(
      namespace: string,
      names: string[],
      sessionId?: string | number | null,
    ): Promise<Properties>
    getPropertyInSession(
      namespace: string,
      name: string,
      sessionId?: string | number | null,
    ): Promise<any>
    deletePropertyInSession(
      namespace: string,
      name: string,
      sessionId?: string | number | null,
    ): Promise<void>
    deleteSession(namespace: string, sessionId: string | number): Promise<void>
    getListOfSessions(namespace: string): Promise<string[]>
  }

  interface MTLSOptions {
    /** Sends the body as JSON and parses the answer. Default: false. */
    json?: boolean
    /** In milliseconds. */
    timeout?: number
    /** Accepts certificates that cannot be verified. Default: false. */
    allowSelfSigned?: boolean
  }
  interface MTLSResponse {
    statusCode: number
    headers: Record<string, string | string[] | undefined>
    /** Absent for HEAD and OPTIONS. */
    body?: any
  }
  type Headers = Record<string, string>
  /** @throws the error of the connection; a status other than 2xx is an ordinary result */
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
  /** HTTPS with a client certificate. Published: `ToolbeltDocumentation/mtls-client.md`. */
  interface MTLSClient {
    get: MTLSCall
    post: MTLSCall
    put: MTLSCall
    patch: MTLSCall
    delete: MTLSCall
    head: MTLSCallWithoutBody
    options: MTLSCallWithoutBody
  }

  /** One call of `OrchestratorClient`. */
  interface Invocation {
    /** The id of the function. */
    uuid: string
    /** Default: an empty object. */
    payload?: unknown
    /** By their names; or a list, as a function gets its own. What is undefined is left out. */
    headers?:
      | Record<string, string | number | undefined>
      | { key: string; value: string | number | undefined }[]
    /** Default: 3. */
    retries?: number
    /**
     * Whether a failed call is repeated. Default: after 429, 500, 502, 504 and failed connections, never after an error of
     * the function itself (901).
     */
    retryFunction?: (statusCode: number | undefined, error: unknown) => boolean
  }
  interface OrchestratorResponse {
    uuid: string
    statusCode?: number
    headers?: unknown
    /** What the function returned. */
    body?: any
    /** Present when the invocation failed. */
    error?: { code: string; message: string }
  }
  /**
   * Invokes other functions of the account, with the app key `lp-faas-orchestrator-app-key`.
   * Published: `ToolbeltDocumentation/orchestrator-client.md`.
   */
  interface OrchestratorClient {
    /**
     * Invokes functions one after the other, or at once with `invokeParallel`. Resolves with one response per invocation, in
     * the same order. `deadline`: for all, in milliseconds, at most 25,000. `timeout`: for each, in milliseconds; the deadline
     * divided by the number of invocations by default. `errorStrategy`: a value of `ErrorStrategy`.
     * @throws `Error` without invocations or with a wrong deadline; with `EXIT_ON_ERROR` the first failure, which has `code`
     * and `response`
     */
    invoke(
      invocations: Invocation[],
      deadline: number,
      options?: { timeout?: number; invokeParallel?: boolean; errorStrategy?: string },
    ): Promise<OrchestratorResponse[]>
  }

  /** Each call makes a new client. */
  const Toolbelt: {
    HTTPClient(): HttpClient
    SecretClient(): SecretClient
    LpClient(): LpClient
    ConversationUtil(): ConversationUtil
    SDEUtil(): SDEUtil
    GDPRUtil(): GDPRUtil
    /** `connectToSalesforce` returns a connection of `jsforce`, with the options of its constructor. */
    SFClient(): { connectToSalesforce(params: object): any }
    /** @throws `Error` without an API key or an account id */
    ContextServiceClient(config: { apiKey: string; accountId: string }): ContextServiceClient
    /**
     * Certificates and key in PEM, as text or bytes.
     * @throws `Error` that names the malformed one
     */
    MTLSClient(certificates: {
      cert: string | Buffer
      key: string | Buffer
      ca?: string | Buffer
    }): MTLSClient
    OrchestratorClient(): OrchestratorClient
    /** Logs as the console does; some samples use it instead. */
    Logger(): Logger
  }

  /** Each method writes one entry of the function's log. `log` writes one of the level `Info`. */
  type Logger = Record<
    'debug' | 'info' | 'log' | 'warn' | 'error',
    (message: unknown, ...extras: unknown[]) => void
  >

  /** Failure of `SecretClient`. `code`: a value of `ErrorCodes`. */
  class SecretError extends Error {
    readonly code: string
    constructor(code: string, message: string)
  }
}

declare module 'core-functions-toolbelt' {
  export * from 'lp-faas-toolbelt'
}
