import { useQuery } from '@tanstack/react-query'
import { loadPart } from '../api/load-part.ts'

async function load() {
  const { monaco } = await loadPart(() => import('./monaco.ts'))
  return monaco
}

export type Monaco = Awaited<ReturnType<typeof load>>

/** The editor's code, loaded once, when a page first needs it. */
export function useMonaco(): { monaco: Monaco | undefined; error: unknown } {
  const { data, error } = useQuery({
    queryKey: ['monaco'],
    queryFn: load,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
  return { monaco: data, error }
}
