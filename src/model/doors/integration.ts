/** What is behind a route that leads to no function: an action of an AWS service. */
export interface Integration {
  /** It takes requests and answers at once; otherwise `Door.onServed` is told when it is done. */
  readonly answersAtOnce: boolean
  /** Where its time goes, as outputs call it: `stateMachines.orders`. */
  readonly servicePath: string
  /** Returns its own number for what it does for a call, or NONE where it refuses. */
  begin(call: number, stream: number, ordinal: number, attempt: number): number
  /** The door does not wait for it any longer. */
  abandon(begun: number): void
}
