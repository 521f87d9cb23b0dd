import { type FunctionDetail, getFunction, updateFunction } from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ask, ServerError } from '../api/server.ts'
import { keepWork, keptWork, takeLeftWork, type WorkKey } from './kept-work.ts'

/** What two people have written, as one of them wants it. */
interface Settled {
  /** The version of somebody else that the user has seen, and replaces. */
  over: number
  code: string
}

interface Written {
  /** The saved version that it began with. */
  version: number
  code: string
}

/** The source that is being written: what is saved, what is not, and what somebody else has saved meanwhile. */
export function useSource(workKey: WorkKey) {
  const { accountId, functionId } = workKey
  const client = useQueryClient()
  const queryKey = ['function', accountId, functionId]
  const query = useQuery({
    queryKey,
    queryFn: () => ask(accountId, getFunction, { params: { functionId } }),
    // A save of a colleague must not change the text under the cursor.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const saved = query.data
  const { data: now } = useQuery({
    queryKey: ['live', accountId, functionId],
    queryFn: () => ask(accountId, getFunction, { params: { functionId } }),
  })
  useEffect(() => {
    // A colleague may rename it, deploy it, or stop what is live: that is shown, and the text stays.
    if (now) client.setQueryData<FunctionDetail>(queryKey, (read) => read && withSource(now, read))
  }, [now])
  const [work, setWork] = useState<Written | undefined>(() => keptWork(workKey))
  // A save takes what is written when its turn comes, which is newer than what was drawn when it was asked for.
  const newest = useRef(work)
  const [wasKept, setKept] = useState(work !== undefined)
  const [isLost, setLost] = useState(false)
  const [theirs, setTheirs] = useState<FunctionDetail>()
  const code = work?.code ?? saved?.code ?? ''

  useEffect(() => {
    void takeLeftWork(workKey).then((left) => {
      if (!left) return
      put(left)
      setKept(true)
    })
  }, [workKey])

  function put(written: Written | undefined): void {
    newest.current = written
    setWork(written)
    setLost(!keepWork(workKey, written))
  }

  function write(text: string): void {
    const known = client.getQueryData<FunctionDetail>(queryKey)
    if (!known) return
    const version = newest.current?.version ?? known.version
    put(text === known.code && version === known.version ? undefined : { version, code: text })
  }

  function accept(detail: FunctionDetail): void {
    client.setQueryData(queryKey, detail)
    void client.invalidateQueries({ queryKey: ['functions', accountId] })
  }

  const save = useMutation({
    // One after the other: two at once would be a conflict of the writer with oneself.
    scope: { id: `source ${functionId}` },
    mutationFn: async (settled?: Settled): Promise<FunctionDetail> => {
      const known = client.getQueryData<FunctionDetail>(queryKey)
      const mine = newest.current
      if (!known) throw new Error('Nothing is loaded yet')
      if (!mine) return known
      const { over, code: wanted } = settled ?? { over: mine.version, code: mine.code }
      try {
        const detail = await ask(accountId, updateFunction, {
          params: { functionId },
          body: { version: over, code: wanted },
        })
        accept(detail)
        // What was typed while it was saved is not saved.
        const now = newest.current
        put(now && now.code !== mine.code ? { version: detail.version, code: now.code } : undefined)
        setTheirs(undefined)
        return detail
      } catch (thrown) {
        if (thrown instanceof ServerError && thrown.code === 'function_changed_meanwhile') {
          setTheirs(await ask(accountId, getFunction, { params: { functionId } }))
        }
        throw thrown
      }
    },
  })

  return {
    query,
    saved,
    reload: () => client.invalidateQueries({ queryKey, refetchType: 'active' }),
    code,
    isDirty: work !== undefined,
    /** The page was opened with work that had not been saved. */
    wasKept: wasKept && work !== undefined,
    /** The browser does not keep it: it goes with the page. */
    isNotKept: isLost && work !== undefined,
    theirs,
    /** The version that the work began with. */
    base: work?.version ?? saved?.version,
    write,
    save,
    /** The function as it was just saved by other means than this work. */
    accept,
    discard: () => put(undefined),
    takeTheirs(): void {
      if (theirs) accept(theirs)
      setTheirs(undefined)
      put(undefined)
    },
    keepMine: () => setTheirs(undefined),
  }
}

/** The function as it is now, with the source that was read. */
function withSource(now: FunctionDetail, read: FunctionDetail): FunctionDetail {
  const { version, code, language, dependencies, environment, samplePayload, warnings } = read
  return { ...now, version, code, language, dependencies, environment, samplePayload, warnings }
}
