import { Pause, Play } from 'lucide-react'
import { words } from '../words/index.ts'
import { Button } from './button.tsx'

interface Props {
  isHeld: boolean
  /** How many came while it was held, where that is known. */
  waiting?: number
  onHold: (isHeld: boolean) => void
}

/** Whether a list goes on while it is read. */
export function LiveSwitch({ isHeld, waiting, onHold }: Props) {
  const t = words.live
  return (
    <>
      <span role="status" className="faint">
        {isHeld ? (waiting === undefined ? t.held : t.waiting(waiting)) : t.live}
      </span>
      <Button onPress={() => onHold(!isHeld)}>
        {isHeld ? <Play aria-hidden size={16} /> : <Pause aria-hidden size={16} />}
        {isHeld ? t.resume : t.pause}
      </Button>
    </>
  )
}
