import { useQueryClient } from '@tanstack/react-query'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { words } from '../words/index.ts'
import { SignIn } from './sign-in.tsx'

/** Over the page where the session has ended: what was typed stays where it is. */
export function SignInAgain({ accountId }: { accountId: string }) {
  const queries = useQueryClient()
  return (
    <ModalOverlay isOpen className="overlay">
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{words.signIn.again}</Heading>
          <p>{words.signIn.nothingLost}</p>
          <SignIn accountId={accountId} onSignedIn={() => void queries.invalidateQueries()} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
