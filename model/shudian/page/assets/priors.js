/* Prior distributions, each truncated to its parameter's range: the six shapes of shudian/priors.py, and the latent number
   of a value, standard normal under the prior, as shudian/latent.py has it. */
/** @type {any} */
var Shudian = self.Shudian || (self.Shudian = {});
(function () {
  "use strict";
  const ROOT_TWO_PI = Math.sqrt(2 * Math.PI), REACH = 6.5;

  function polynomial(coefficients, x) {
    let sum = 0;
    for (let n = coefficients.length - 1; n >= 0; n--) sum = sum * x + coefficients[n];
    return sum;
  }

  /** @type {(two: number[][], x: number) => number} */
  const ratio = ([top, bottom], x) => polynomial(top, x) / polynomial(bottom, x);

  /* The error function's complement (Cody 1969): rational functions in three ranges, coefficients from the constant on. */
  const NEAR = [[3209.37758913846947, 377.485237685302021, 113.864154151050156, 3.1611237438705656, 0.185777706184603153],
    [2844.23683343917062, 1282.61652607737228, 244.024637934444173, 23.6012909523441209, 1]];
  const MIDDLE = [[1230.33935479799725, 2051.07837782607147, 1712.04761263407058, 881.95222124176909, 298.635138197400131,
    66.1191906371416295, 8.88314979438837594, 0.564188496988670089, 2.15311535474403846e-8],
  [1230.33935480374942, 3439.36767414372164, 4362.61909014324716, 3290.79923573345963, 1621.38957456669019,
    537.181101862009858, 117.693950891312499, 15.7449261107098347, 1]];
  const FAR = [[6.58749161529837803e-4, 0.0160837851487422766, 0.125781726111229246, 0.360344899949804439, 0.305326634961232344,
    0.0163153871373020978],
  [0.00233520497626869185, 0.0605183413124413191, 0.527905102951428412, 1.87295284992346725, 2.56852019228982242, 1]];

  function complement(x) {
    const y = Math.abs(x);
    if (y <= 0.46875) return 1 - x * ratio(NEAR, y * y);
    const tail = y <= 4 ? ratio(MIDDLE, y) : (1 / Math.sqrt(Math.PI) - ratio(FAR, 1 / (y * y)) / (y * y)) / y;
    const found = Math.exp(-y * y) * tail;
    return x < 0 ? 2 - found : found;
  }

  /* Probability of a standard normal number below `z`. */
  const below = (z) => (z === -Infinity ? 0 : z === Infinity ? 1 : complement(-z / Math.SQRT2) / 2);

  const CENTRE = [
    [2.506628277459239, -30.66479806614716, 138.357751867269, -275.9285104469687, 220.9460984245205, -39.69683028665376],
    [1, -13.28068155288572, 66.80131188771972, -155.6989798598866, 161.5858368580409, -54.47609879822406],
  ];
  const TAIL = [
    [2.938163982698783, 4.374664141464968, -2.549732539343734, -2.400758277161838, -0.3223964580411365, -0.007784894002430293],
    [1, 3.754408661907416, 2.445134137142996, 0.3224671290700398, 0.007784695709041462],
  ];

  /* The standard normal number below which the probability `p` lies: a rational guess (Acklam), and Halley's step. */
  function normal(p) {
    if (!(p > 0)) return -Infinity;
    if (!(p < 1)) return Infinity;
    const rest = Math.min(p, 1 - p), q = p - 0.5;
    const guess = rest < 0.02425 ? (p < 0.5 ? 1 : -1) * ratio(TAIL, Math.sqrt(-2 * Math.log(rest))) : q * ratio(CENTRE, q * q);
    const step = (below(guess) - p) * ROOT_TWO_PI * Math.exp((guess * guess) / 2);
    return guess - step / (1 + (guess * step) / 2);
  }

  const LANCZOS = [0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];

  function logGamma(x) {
    if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
    const t = x + 6.5;
    const sum = LANCZOS.reduce((total, c, k) => total + (k ? c / (x - 1 + k) : c), 0);
    return Math.log(ROOT_TWO_PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
  }

  /* The incomplete beta function's continued fraction, by Lentz's rule. */
  function fraction(a, b, x) {
    const TINY = 1e-300, held = (value) => (Math.abs(value) < TINY ? TINY : value);
    let c = 1, d = 1 / held(1 - ((a + b) * x) / (a + 1)), found = d;
    for (let m = 1; m <= 500; m++) {
      for (let half = 0; half < 2; half++) {
        const step = half ? (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)) : (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / held(1 + step * d);
        c = held(1 + step / c);
        found *= c * d;
      }
      if (Math.abs(c * d - 1) < 1e-15) break;
    }
    return found;
  }

  const inside = (x, low, high) => Math.min(Math.max(x, low), high);

  /* A normal distribution between two bounds. */
  function truncated(mean, sd, low, high) {
    const first = below((low - mean) / sd), width = below((high - mean) / sd) - first;
    const constant = Math.log(sd * ROOT_TWO_PI * width);
    return {
      cumulative: (x) => (below((x - mean) / sd) - first) / width,
      quantile: (u) => mean + sd * normal(first + u * width),
      density: (x) => -0.5 * ((x - mean) / sd) ** 2 - constant,
    };
  }

  function logarithmic({ median, sigma }, low, high) {
    const found = truncated(Math.log(median), sigma, Math.log(low), Math.log(high));
    return {
      cumulative: (x) => found.cumulative(Math.log(x)),
      quantile: (u) => Math.exp(found.quantile(u)),
      density: (x) => found.density(Math.log(x)) - Math.log(x),
    };
  }

  function beta(prior, low, high) {
    const width = high - low, mean = (prior.mean - low) / width;
    const total = (mean * (1 - mean)) / (prior.sd / width) ** 2 - 1, a = mean * total, b = (1 - mean) * total;
    const whole = logGamma(a) + logGamma(b) - logGamma(a + b);
    const power = (n, logarithm) => (n === 0 ? 0 : n * logarithm); // nought times infinity is nought here
    const slope = (share) => power(a - 1, Math.log(share)) + power(b - 1, Math.log1p(-share)) - whole;

    function part(share) {
      if (!(share > 0)) return 0;
      if (!(share < 1)) return 1;
      const front = Math.exp(a * Math.log(share) + b * Math.log1p(-share) - whole);
      return share < (a + 1) / (a + b + 2) ? (front * fraction(a, b, share)) / a : 1 - (front * fraction(b, a, 1 - share)) / b;
    }

    /* Newton's steps from `near`, held between bounds that close in. */
    function quantile(u, near) {
      let least = 0, most = 1, share = near === undefined ? mean : inside((near - low) / width, 1e-12, 1 - 1e-12);
      for (let n = 0; n < 100; n++) {
        const over = part(share) - u;
        if (over > 0) most = share;
        else least = share;
        const next = share - over / Math.exp(slope(share));
        const step = (next > least && next < most ? next : (least + most) / 2) - share;
        share += step;
        if (Math.abs(step) < 1e-11 * share || most - least < 1e-15) break;
      }
      return low + width * share;
    }
    return { cumulative: (x) => part((x - low) / width), quantile, density: (x) => slope((x - low) / width) - Math.log(width) };
  }

  function triangular({ mode }, low, high) {
    const width = high - low;
    return {
      cumulative: (x) => (x < mode ? (x - low) ** 2 / (width * (mode - low)) : high > mode ? 1 - (high - x) ** 2 / (width * (high - mode)) : 1),
      quantile: (u) => (u < (mode - low) / width ? low + Math.sqrt(u * width * (mode - low)) : high - Math.sqrt((1 - u) * width * (high - mode))),
      density: (x) => Math.log((2 / width) * (x === mode ? 1 : x < mode ? (x - low) / (mode - low) : (high - x) / (high - mode))),
    };
  }

  /* Exactly nil with a probability of its own, otherwise normal; beside it the density at nil counts for nothing. */
  function nilOrNormal({ nil_probability: nil, mean, sd }, low, high) {
    const rest = truncated(mean, sd, low, high), negative = (1 - nil) * rest.cumulative(0);
    return {
      cumulative: (x) => nil * Number(x >= 0) + (1 - nil) * rest.cumulative(x),
      quantile: (u) => (u >= negative && u <= negative + nil ? 0 : rest.quantile((u < negative ? u : u - nil) / (1 - nil))),
      density: (x) => (x === 0 ? Math.log(nil) : rest.density(x) + Math.log(1 - nil)),
    };
  }

  const SHAPES = {
    normal: ({ mean, sd }, low, high) => truncated(mean, sd, low, high),
    lognormal: logarithmic,
    beta,
    uniform: (_arguments, low, high) => ({
      cumulative: (x) => (x - low) / (high - low), quantile: (u) => low + (high - low) * u, density: () => -Math.log(high - low),
    }),
    triangular,
    nil_or_normal: nilOrNormal,
  };

  /* The distribution of `prior` {distribution, arguments} on [low, high]: probability below a value, the value that has a
     probability below it (`near` is a guess at it), logarithm of the density, and the way to latent numbers and back. */
  function shape(prior, low, high) {
    const found = SHAPES[prior.distribution](prior.arguments, low, high);
    const cumulative = (x) => found.cumulative(inside(x, low, high));
    const quantile = (u, near) => inside(found.quantile(u, near), low, high);
    return {
      cumulative, quantile,
      logDensity: (x) => (x >= low && x <= high ? found.density(x) : -Infinity),
      latent: (x) => inside(normal(cumulative(x)), -REACH, REACH),
      value: (z, near) => quantile(below(inside(z, -REACH, REACH)), near),
    };
  }

  /* What is wrong with a prior of one's own on this range, by the key of its sentence; null if nothing is. */
  function complaint({ distribution, arguments: told }, low, high) {
    const names = Object.prototype.hasOwnProperty.call(ARGUMENTS, distribution) ? ARGUMENTS[distribution] : [];
    const whole = names.length && Object.keys(told).length === names.length;
    if (!whole || !names.every((name) => Number.isFinite(told[name]))) return "page_prior_unreadable";
    if (!(told.mean >= low && told.mean <= high)) return "page_prior_outside";
    if (!(told.sd > 0)) return "page_prior_no_spread";
    if (distribution === "nil_or_normal" && !(told.nil_probability >= 0 && told.nil_probability < 1 && low <= 0 && high >= 0)) return "page_prior_nil";
    return null;
  }

  /* The shapes that can be believed here, and the order of their arguments in a link and for --prior-of. */
  const ARGUMENTS = { normal: ["mean", "sd"], nil_or_normal: ["nil_probability", "mean", "sd"] };

  Shudian.priors = { ARGUMENTS, shape, complaint, below, normal };
})();
