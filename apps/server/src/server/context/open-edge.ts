import { join } from 'node:path'
import { openApi } from '#edge/api'
import { openBoard } from '#edge/board'
import { openConsole } from '#edge/console'
import { openConversationHistory } from '#edge/conversations'
import { openPages } from '#edge/pages'
import { openUpdateStreams } from '#edge/updates'
import packageFile from '#package' with { type: 'json' }

type Deps = Parameters<typeof openConversationHistory>[0] &
  Parameters<typeof openBoard>[0] &
  Parameters<typeof openPages>[0] &
  Parameters<typeof openUpdateStreams>[0] &
  Omit<Parameters<typeof openApi>[0], 'version'> & {
    /** Where what is built from sources is kept. */
    cacheDir: string
  }

/** What people and browsers see first. */
export function openEdge(deps: Deps) {
  return [
    openApi({ ...deps, version: packageFile.version }),
    openConversationHistory(deps),
    openBoard(deps),
    openUpdateStreams(deps),
    openPages(deps),
    openConsole({ ...deps, cacheDir: join(deps.cacheDir, 'console') }),
  ]
}
