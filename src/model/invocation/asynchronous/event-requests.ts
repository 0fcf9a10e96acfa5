const ONE_REQUEST_BYTES = 262_144
const FURTHER_REQUEST_BYTES = 65_536

/**
 * An event is billed as one request up to 256 KB, and as one more for each started 64 KB beyond:
 * these are the further ones (aws.amazon.com/lambda/pricing).
 */
export function furtherRequests(bytes: number): number {
  if (bytes <= ONE_REQUEST_BYTES) return 0
  return Math.ceil((bytes - ONE_REQUEST_BYTES) / FURTHER_REQUEST_BYTES)
}
