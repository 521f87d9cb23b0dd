import {
  type AccountSettings,
  changeAccountSettings,
  SET_UP_STEPS,
  type SetUpStep,
} from '@parley/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api/server.ts'
import { useAccountSettings } from '../api/use-account-settings.ts'

/** How far the first set-up of an account has come: kept by the server, for all administrators. */
export function useSetUp(accountId: string) {
  const client = useQueryClient()
  const queryKey = ['settings', accountId]
  const query = useAccountSettings(accountId)
  const done = query.data?.setUpDone ?? []
  const save = useMutation({
    mutationFn: (body: Partial<Pick<AccountSettings, 'accountName' | 'timeZone' | 'setUpDone'>>) =>
      ask(accountId, changeAccountSettings, { body }),
    async onSuccess(settings) {
      client.setQueryData(queryKey, settings)
      // The header says the name.
      await client.invalidateQueries({ queryKey: ['users', accountId, 'own'] })
    },
  })
  return {
    query,
    save,
    done,
    /** The first step that is not done. */
    next: SET_UP_STEPS.find((step) => !done.includes(step)),
    with: (...steps: readonly SetUpStep[]): SetUpStep[] =>
      SET_UP_STEPS.filter((step) => done.includes(step) || steps.includes(step)),
  }
}
