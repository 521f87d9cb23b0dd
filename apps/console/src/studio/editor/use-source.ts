import { type FunctionDetail, getFunction, updateFunction } from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask, ServerError } from '../api/server.ts'
import { keepWork, keptWork, takeLeftWork, type Work } from './kept-work.ts'

/** What two people have written, as one of them wants it. */
interface Settled {
  /** The version of somebody else that the user has seen, and replaces. */
  over: number
  code: string
}

/** The source that is being written: what is saved, what is not, and what somebody else has saved meanwhile. */
export function useSource(of: Work) {
  const { accountId, functionId } = of
  const client = useQueryClient()
  const queryKey = ['function', accountId, functionId]
  const { data: saved, error } = useQuery({
    queryKey,
    queryFn: () => ask(accountId, getFunction, { params: { functionId } }),
    // A save of a colleague must not change the text under the cursor.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const [work, setWork] = useState<{ version: number; code: string } | undefined>(() =>
    keptWork(of),
  )
  const [wasKept, setKept] = useState(work !== undefined)
  const [theirs, setTheirs] = useState<FunctionDetail>()
  const code = work?.code ?? saved?.code ?? ''

  useEffect(() => keepWork(of, work), [of, work])
  useEffect(() => {
    void takeLeftWork(of).then((left) => {
      if (!left) return
      setWork(left)
      setKept(true)
    })
  }, [of])

  function write(text: string): void {
    if (!saved) return
    const version = work?.version ?? saved.version
    setWork(text === saved.code && version === saved.version ? undefined : { version, code: text })
  }

  function accept(detail: FunctionDetail): void {
    client.setQueryData(queryKey, detail)
    void client.invalidateQueries({ queryKey: ['functions', accountId] })
  }

  const save = useMutation({
    mutationFn: async (settled?: Settled): Promise<FunctionDetail> => {
      if (!saved) throw new Error('Nothing is loaded yet')
      if (!work) return saved
      const { over, code: wanted } = settled ?? { over: work.version, code: work.code }
      try {
        const detail = await ask(accountId, updateFunction, {
          params: { functionId },
          body: { version: over, code: wanted },
        })
        accept(detail)
        // What was typed while it was saved is not saved.
        setWork((now) =>
          now && now.code !== work.code ? { version: detail.version, code: now.code } : undefined,
        )
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
    saved,
    error,
    code,
    isDirty: work !== undefined,
    /** The page was opened with work that had not been saved. */
    wasKept: wasKept && work !== undefined,
    theirs,
    /** The version that the work began with. */
    base: work?.version ?? saved?.version,
    write,
    save,
    /** The function as it was just saved by other means than this work. */
    accept,
    reload: () => client.invalidateQueries({ queryKey, refetchType: 'active' }),
    discard: () => setWork(undefined),
    takeTheirs(): void {
      if (theirs) accept(theirs)
      setTheirs(undefined)
      setWork(undefined)
    },
    keepMine: () => setTheirs(undefined),
  }
}
