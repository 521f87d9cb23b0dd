/** One client's socket: sends frames, can be closed. */
export interface Connection {
  send(frame: string): void
  close(code: number, reason: string): void
  readonly isOpen: boolean
  /** Resolves once the client has read most of what it was sent, or is gone. */
  whenRead(): Promise<void>
}
