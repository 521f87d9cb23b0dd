/** What happened in conversations and live chats in one minute; see migration 127. */
export interface FigureMinuteTable {
  accountId: string
  minute: Date
  channel: string
  skillId: string
  /** Empty where nobody was assigned. */
  agentId: string
  measure: string
  bucket: number
  strand: number
  count: number
  total: number
}
