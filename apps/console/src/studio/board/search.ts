import { RISKS } from '@parley/contract'
import * as z from 'zod'

export const BOARD_PATH = '/$accountId/board'
export const VIEWS = ['now', 'today', 'week'] as const
export const BYS = ['skill', 'agent', 'hour'] as const
/** Which conversations the board lists; those at any risk unless the address says otherwise. */
export const WHICH = ['any', ...RISKS, 'waiting', 'open'] as const

const text = z.string().max(128).optional().catch(undefined)

/** What the address of the board says. */
export const BoardSearch = z.object({
  view: z.enum(VIEWS).optional().catch(undefined),
  which: z.enum(WHICH).optional().catch(undefined),
  skill: text,
  agent: text,
  from: z.int().min(0).max(100_000).optional().catch(undefined),
  by: z.enum(BYS).optional().catch(undefined),
  channel: z.enum(['messaging', 'chat']).optional().catch(undefined),
})
export type BoardSearch = z.infer<typeof BoardSearch>

/** What each part of the page gets. */
export interface BoardProps {
  accountId: string
  search: BoardSearch
  /** What is shown stays, whatever happens meanwhile. */
  isHeld: boolean
  change: (part: BoardSearch) => void
}
