"""Prints the numbers that the tests of annotator statistics compare with; an implementation of its own, in numpy alone.

Usage: python scripts/golden/annotators.py   (needs `numpy`)

Data: Table 1 of Dawid and Skene (1979, Applied Statistics 28:20): 45 patients, the three ratings of observer 1 and one each of
observers 2 to 5.
"""

import numpy

TABLE = (
    "1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343 1111111 2223212 1211111 1112111"
    " 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233"
    " 1111111 2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222"
).split()
OBSERVERS = [0, 0, 0, 1, 2, 3, 4]


def dawid_skene(items, observers, classes, smoothing, tolerance=1e-7, iterations=100):
    """items: lists of (observer, label). Returns posterior [I, K], shares [K], theta [A, K, K], log-likelihood, iterations."""
    votes = sum(len(item) for item in items)
    posterior = numpy.array([numpy.bincount([l for _, l in item], minlength=classes) / len(item) for item in items])
    last = -numpy.inf
    for iteration in range(iterations + 1):
        shares = posterior.mean(axis=0)
        theta = numpy.full([observers, classes, classes], smoothing / (classes - 1))
        theta[:, range(classes), range(classes)] = smoothing
        for item, probabilities in zip(items, posterior):
            for observer, label in item:
                theta[observer, :, label] += probabilities
        theta /= theta.sum(axis=2, keepdims=True)
        theta = numpy.maximum(theta, 1e-12)
        logits = numpy.tile(numpy.log(shares), [len(items), 1])
        for i, item in enumerate(items):
            for observer, label in item:
                logits[i] += numpy.log(theta[observer, :, label])
        largest = logits.max(axis=1, keepdims=True)
        likelihood = float((numpy.log(numpy.exp(logits - largest).sum(axis=1)) + largest[:, 0]).sum())
        new = numpy.exp(logits - largest)
        new /= new.sum(axis=1, keepdims=True)
        if abs(likelihood - last) < tolerance * votes:
            return new, shares, theta, likelihood, iteration + 1
        last, posterior = likelihood, new
    return new, shares, theta, likelihood, iteration


# Agresti (1990, Categorical Data Analysis, Table 10.10): wins in the American League East of 1987, row over column.
TEAMS = "Milwaukee Detroit Toronto NewYork Boston Cleveland Baltimore".split()
WINS = numpy.array(
    [
        [0, 7, 9, 7, 7, 9, 11],
        [6, 0, 7, 5, 11, 9, 9],
        [4, 6, 0, 7, 7, 8, 12],
        [6, 8, 6, 0, 6, 7, 10],
        [6, 2, 6, 7, 0, 7, 12],
        [4, 4, 5, 6, 6, 0, 6],
        [2, 4, 1, 3, 1, 7, 0],
    ]
)


def bradley_terry(wins, prior, steps=200):
    """Strengths with mean 0, and their standard errors: Newton, inverse by numpy.linalg."""
    strengths = numpy.zeros(len(wins))
    games = wins + wins.T
    for _ in range(steps):
        expected = 1 / (1 + numpy.exp(strengths[None, :] - strengths[:, None]))
        own = 1 / (1 + numpy.exp(-strengths))
        gradient = (wins - games * expected).sum(axis=1) + prior * (1 - 2 * own)
        weights = games * expected * (1 - expected)
        information = numpy.diag(weights.sum(axis=1) + 2 * prior * own * (1 - own)) - weights
        strengths = strengths + numpy.linalg.solve(information, gradient)
    centre = numpy.eye(len(wins)) - 1 / len(wins)
    errors = numpy.sqrt(numpy.diag(centre @ numpy.linalg.inv(information) @ centre))
    return strengths - strengths.mean(), errors


def main():
    numpy.set_printoptions(precision=6, suppress=True, linewidth=120)
    items = [[(o, int(r) - 1) for o, r in zip(OBSERVERS, row)] for row in TABLE]
    for smoothing in (0.0, 1.0):
        posterior, shares, theta, likelihood, iterations = dawid_skene(items, 5, 4, smoothing, 1e-15, 20_000)
        print("smoothing", smoothing, "iterations", iterations, "log-likelihood", round(likelihood, 6))
        print("shares", shares)
        print("observer 1\n", theta[0], "\nobserver 5\n", theta[4])
        for observer in range(5):
            right = [p[l] for item, p in zip(items, posterior) for o, l in item if o == observer]
            print("accuracy", observer + 1, round((sum(right) + smoothing) / (len(right) + 2 * smoothing), 6))
        print("patients 2, 3, 30\n", posterior[[1, 2, 29]])
    for prior in (1e-6, 0.1, 1.0):
        strengths, errors = bradley_terry(WINS, prior)
        print("prior", prior, *(f"{t} {s:.6f} {e:.6f}" for t, s, e in zip(TEAMS, strengths, errors)))
        print("against Baltimore", strengths - strengths[-1])


if __name__ == "__main__":
    main()
