import type { Page } from 'playwright-core'

declare global {
  interface Window {
    /** In a page under test. */
    socketsOfTest: { cut(): void; restore(): void }
  }
}

/**
 * Lets a test cut the sockets of a page to the server. In the page, whose sockets stay its own: a route of the browser's driver
 * would carry every frame through the process of the test.
 */
export async function cuttableSockets(page: Page) {
  await page.addInitScript(keepSockets)
  const inAllFrames = async (name: 'cut' | 'restore') => {
    for (const frame of page.frames()) {
      await frame.evaluate((method) => window.socketsOfTest[method](), name)
    }
  }
  return {
    /** Cuts every socket, and lets no new one through until `restore`, unless the page is loaded again. */
    cut: () => inAllFrames('cut'),
    restore: () => inAllFrames('restore'),
  }
}

/** Runs in the page: nothing outside of it may be used. */
function keepSockets(): void {
  const CUT = 4000
  const open = new Set<WebSocket>()
  let isCut = false
  /** Is closed before it was open, without a word to the server. */
  class CutSocket extends EventTarget {
    readyState: number = WebSocket.CONNECTING
    constructor() {
      super()
      setTimeout(() => {
        this.readyState = WebSocket.CLOSED
        this.dispatchEvent(new CloseEvent('close', { code: CUT }))
      })
    }
  }
  window.WebSocket = new Proxy(WebSocket, {
    construct(Native, [address, protocols]: [string, string[]?]) {
      if (!address.includes('/ws_api/')) return new Native(address, protocols)
      if (isCut) return new CutSocket()
      const socket = new Native(address, protocols)
      open.add(socket)
      socket.addEventListener('close', () => open.delete(socket))
      return socket
    },
  })
  window.socketsOfTest = {
    cut() {
      isCut = true
      for (const socket of open) socket.close(CUT)
    },
    restore() {
      isCut = false
    },
  }
}
