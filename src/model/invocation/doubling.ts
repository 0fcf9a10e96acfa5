/** A wait that begins with `firstUs` and has doubled `times` times, to `longestUs` at most. */
export function doubledUs(firstUs: number, longestUs: number, times: number): number {
  let waitUs = firstUs
  for (let doubled = 0; doubled < times && waitUs < longestUs; doubled++) waitUs *= 2
  return Math.min(waitUs, longestUs)
}
