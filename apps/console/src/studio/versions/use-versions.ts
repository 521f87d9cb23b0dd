import { getFunction, listDeployments, listFunctionVersions } from '@parley/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api/server.ts'

/** Every save of a function, and when which of them was live. */
export function useVersions(accountId: string, functionId: string) {
  const client = useQueryClient()
  const queryKey = ['versions', accountId, functionId]
  const query = useQuery({
    queryKey,
    queryFn: async () => {
      const params = { functionId }
      const [detail, { versions }, { deployments }] = await Promise.all([
        ask(accountId, getFunction, { params }),
        ask(accountId, listFunctionVersions, { params }),
        ask(accountId, listDeployments, { params }),
      ])
      return { detail, versions, deployments }
    },
  })
  return {
    query,
    /** After a change: also what the editor and the list of functions show. */
    changed: async () => {
      await client.invalidateQueries({ queryKey: ['function', accountId, functionId] })
      await client.invalidateQueries({ queryKey: ['functions', accountId] })
      await client.invalidateQueries({ queryKey })
    },
  }
}
