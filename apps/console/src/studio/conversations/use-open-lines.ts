import { useEffect, useState } from 'react'

/** Which lines of a timeline are open; the one that the address asks for is open and in sight at first. */
export function useOpenLines(wanted: string | undefined) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [goTo, setGoTo] = useState<string>()
  useEffect(() => {
    if (wanted !== undefined) reveal(wanted)
  }, [wanted])

  function reveal(key: string): void {
    setOpen((old) => new Set([...old, key]))
    setGoTo(key)
  }
  function toggle(key: string): void {
    setOpen((old) =>
      old.has(key) ? new Set([...old].filter((one) => one !== key)) : new Set([...old, key]),
    )
  }
  return { open, goTo, reveal, toggle }
}
