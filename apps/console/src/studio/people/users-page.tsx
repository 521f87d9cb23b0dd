import { listUsers, type User } from '@parley/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { RolesTable } from './roles-table.tsx'
import { USER_VIEWS, USERS_PATH, type UsersSearch } from './search.ts'
import { UserDialog } from './user-dialog.tsx'
import { type UserOrder, UserOrderDialog } from './user-order.tsx'
import { UsersList } from './users-list.tsx'
import { peopleWords as t } from './words.ts'

/** Who works in the account, and what they may do. */
export function UsersPage() {
  const { accountId } = useParams({ from: USERS_PATH })
  const search = useSearch({ from: USERS_PATH })
  const navigate = useNavigate({ from: USERS_PATH })
  const mayWrite = useMay(accountId, 'account:write')
  const client = useQueryClient()
  const [said, setSaid] = useState('')
  const [writing, setWriting] = useState<User | 'new'>()
  const [order, setOrder] = useState<{ user: User; kind: UserOrder }>()
  const query = useQuery({
    queryKey: ['users', accountId],
    queryFn: () => ask(accountId, listUsers),
  })
  const view = search.view ?? 'people'
  const change = (part: Partial<UsersSearch>): void =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
  function close(text: string | undefined, isToInvite?: User): void {
    if (text !== undefined) setSaid(text)
    setWriting(undefined)
    setOrder(isToInvite && { user: isToInvite, kind: 'invite' })
    for (const name of ['users', 'invitations']) {
      void client.invalidateQueries({ queryKey: [name, accountId] })
    }
  }
  return (
    <Page
      title={t.title}
      actions={
        <>
          <Choice
            label={t.show}
            value={view}
            options={USER_VIEWS.map((id) => ({ id, name: t.views[id] }))}
            onChange={(id) => change({ view: USER_VIEWS.find((known) => known === id) })}
          />
          {mayWrite && (
            <Button kind="primary" onPress={() => setWriting('new')}>
              <Plus aria-hidden size={16} />
              {t.add}
            </Button>
          )}
        </>
      }
    >
      <p role="status">{said}</p>
      {view === 'roles' ? (
        <RolesTable />
      ) : (
        <Loaded query={query}>
          {({ users }) => (
            <UsersList
              {...{ accountId, users, search, change, mayWrite }}
              onEdit={setWriting}
              onOrder={(user, kind) => setOrder({ user, kind })}
            />
          )}
        </Loaded>
      )}
      {writing && (
        <UserDialog
          accountId={accountId}
          user={writing === 'new' ? undefined : writing}
          onClose={close}
        />
      )}
      {order && <UserOrderDialog accountId={accountId} {...order} onClose={close} />}
    </Page>
  )
}
