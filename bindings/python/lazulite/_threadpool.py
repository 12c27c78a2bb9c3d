"""threadpoolctl sees and limits the engine's threads, whichever of the two packages is imported first."""

import sys


def _register(threadpoolctl):
    from lazulite._version import __version__

    class Controller(threadpoolctl.LibController):
        """The engine of the extension module: `threadpool_limits(1)`, or `threadpool_limits({"lazulite": 1})`."""

        user_api = internal_api = "lazulite"
        filename_prefixes = ("_core.",)
        check_symbols = ("lazulite_get_num_threads", "lazulite_set_num_threads")

        def get_num_threads(self):
            return self.dynlib.lazulite_get_num_threads()

        def set_num_threads(self, num_threads):
            self.dynlib.lazulite_set_num_threads(num_threads)

        def get_version(self):
            return __version__

    threadpoolctl.register(Controller)


class _Finder:
    """Registers when threadpoolctl is imported; before that it costs nothing."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != "threadpoolctl":
            return None
        import importlib.util

        sys.meta_path.remove(cls)
        spec = importlib.util.find_spec(name)
        if spec is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                _register(module)

            spec.loader.exec_module = exec_module
        return spec


if "threadpoolctl" in sys.modules:
    _register(sys.modules["threadpoolctl"])
else:
    sys.meta_path.insert(0, _Finder)
