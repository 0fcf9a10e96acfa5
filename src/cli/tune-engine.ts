/**
 * Settings of V8 that fit this program; none of them can change a result.
 *
 * The life of an invocation is a chain of small functions, longer than V8 inlines by default (920
 * bytes of bytecode). Room for the whole chain made reference workload A 7 to 15 % faster; it has to
 * be set before the chain is compiled. The larger functions (an invocation's end, a queue's sift)
 * are compiled by themselves, so that they leave that room to others: another 8 % on asynchronous
 * events and 15 % on streams. What garbage there is dies at once: a small nursery costs no time and
 * saves 25 MB (it would grow all the same if it were allowed to). Threads that share the sweeping of
 * so little cost more than they do: 8 % of the time of asynchronous events.
 */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--max-inlined-bytecode-size-cumulative=3000')
setFlagsFromString('--max-inlined-bytecode-size=200')
setFlagsFromString('--no-parallel-scavenge')
setFlagsFromString('--max-semi-space-size=2')
setFlagsFromString('--semi-space-growth-factor=1')
