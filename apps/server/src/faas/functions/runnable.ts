import type { FunctionVersion } from '#faas/sandbox'
import { ParleyError, PassingMap } from '#base/kernel'
import type { Base } from '#base/store'
import { placesInSource, sourceFile } from '#faas/source'
import { findRunnableSource } from './deployed-repository.ts'
import type { VersionRow } from './repository.ts'

export interface RunnableOf {
  accountId: string
  functionId: string
  deploymentId: string
  version: number
}

type RunnablesDeps = Pick<Base, 'store'>

const MAX_CACHED_CHARACTERS = 32_000_000

/** Versions as the sandbox runs them. */
export interface Runnables {
  /** From memory alone. */
  known(deploymentId: string): FunctionVersion | undefined
  /** From memory or the database; keeps it in memory. */
  load(of: RunnableOf): Promise<FunctionVersion>
  /** From the database; keeps nothing. */
  read(of: RunnableOf): Promise<FunctionVersion>
  forget(deploymentId: string): void
}

/** Reads a source at its first invocation and keeps it while memory allows: most functions are idle most of the time. */
export function openRunnables(deps: RunnablesDeps): Runnables {
  const cache = new PassingMap<string, FunctionVersion>()
  let characters = 0

  function forget(deploymentId: string): void {
    const cached = cache.get(deploymentId)
    if (!cached || !cache.delete(deploymentId)) return
    characters -= cached.code.length
  }

  return {
    known: (deploymentId) => cache.get(deploymentId),
    forget,
    async load(of) {
      const known = cache.get(of.deploymentId)
      if (known) return known
      const runnable = await readRunnable(deps, of)
      forget(of.deploymentId)
      cache.set(of.deploymentId, runnable)
      characters += runnable.code.length
      for (const oldest of cache.keys()) {
        if (characters <= MAX_CACHED_CHARACTERS || oldest === of.deploymentId) break
        forget(oldest)
      }
      return runnable
    },
    read: (of) => readRunnable(deps, of),
  }
}

async function readRunnable({ store }: RunnablesDeps, of: RunnableOf): Promise<FunctionVersion> {
  const { accountId, functionId, deploymentId } = of
  const source = await findRunnableSource(store.db, accountId, functionId, of.version)
  if (!source) {
    throw new ParleyError(
      'version_not_found',
      `Function ${functionId} has no version ${of.version}`,
    )
  }
  return runnableVersion({ accountId, functionId, deploymentId }, source)
}

export function runnableVersion(
  ids: Pick<FunctionVersion, 'accountId' | 'functionId' | 'deploymentId'>,
  source: Pick<
    VersionRow,
    'code' | 'language' | 'compiled' | 'sourceMap' | 'delivers' | 'environment'
  >,
): FunctionVersion {
  const environment = source.environment.map(({ key, value }) => [key, value] as const)
  return {
    ...ids,
    code: source.compiled ?? source.code,
    delivers: source.delivers,
    env: Object.fromEntries(environment),
    ...(source.sourceMap !== null && {
      original: placesInSource(source.sourceMap, sourceFile(source.language)),
    }),
  }
}
