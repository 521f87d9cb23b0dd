export interface ContextKeyTable {
  accountId: string
  keyDigest: string
  sealedKey: string
  createdAt: Date
}

export interface ContextNamespaceTable {
  accountId: string
  namespace: string
  ttlSeconds: number | null
  createdAt: Date
}

export interface ContextPropertyTable {
  accountId: string
  namespace: string
  sessionId: string
  name: string
  /** Any JSON value. */
  value: unknown
  expiresAt: Date | null
}
