import { useQueryClient } from '@tanstack/react-query'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { words } from '../words/index.ts'
import { SignIn } from './sign-in.tsx'

/** Over the page where the session has ended: what was typed stays where it is. */
export function SignInAgain({ accountId }: { accountId: string }) {
  const queries = useQueryClient()
  return (
    <ModalDialog title={words.signIn.again}>
      <p>{words.signIn.nothingLost}</p>
      <SignIn accountId={accountId} onSignedIn={() => void queries.invalidateQueries()} />
    </ModalDialog>
  )
}
